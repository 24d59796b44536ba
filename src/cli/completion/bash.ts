import { choicesBehind, optionsThatTake, pathsIn, type Place, quoted } from "./places.ts";

/** A completion for bash 3.2 and later. */
export const bashScript = (places: readonly Place[]): string =>
  `# dragoman: completion for bash
_dragoman() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at="" commands="" options="" files="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at/\${COMP_WORDS[i]}" in
      ${alternatives(pathsIn(places))}) at="$at/\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at $prev" in
${choicesBehind(places)
  .map(
    ([at, choices]) =>
      `    ${quoted(at)}) COMPREPLY=($(compgen -W ${quoted(choices.join(" "))} -- "$cur")); return ;;`,
  )
  .join("\n")}
    ${alternatives(optionsThatTake(places, "file"))}) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    ${alternatives(optionsThatTake(places, "value"))}) return ;;
  esac
  case "$at" in
${places.map(placeCase).join("\n")}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$commands" -- "$cur"))
    [[ -z $files ]] || COMPREPLY+=($(compgen -f -- "$cur"))
  fi
}
complete -o filenames -F _dragoman dragoman`;

const alternatives = (words: readonly string[]): string => words.map(quoted).join("|");

function placeCase({ path, commands, options, choices, files }: Place): string {
  const words = [...commands.map(({ word }) => word), ...choices].join(" ");
  const flags = options.map(({ word }) => word).join(" ");
  return `    ${quoted(path)}) commands=${quoted(words)} options=${quoted(flags)}${files ? " files=1" : ""} ;;`;
}
