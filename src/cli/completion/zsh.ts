import { choicesBehind, optionsThatTake, pathsIn, type Place, quoted, type Word } from "./places.ts";

/** A completion for zsh, to be autoloaded or sourced. */
export const zshScript = (places: readonly Place[]): string =>
  `#compdef dragoman
_dragoman() {
  local at="" word
  local -a commands options files
  for word in \${words[2,CURRENT-1]}; do
    case "$at/$word" in
      (${alternatives(pathsIn(places))}) at="$at/$word" ;;
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${choicesBehind(places)
  .map(([at, choices]) => `    (${quoted(at)}) compadd -- ${choices.map(quoted).join(" ")}; return ;;`)
  .join("\n")}
    (${alternatives(optionsThatTake(places, "file"))}) _files; return ;;
    (${alternatives(optionsThatTake(places, "value"))}) return ;;
  esac
  case "$at" in
${places.map(placeCase).join("\n")}
  esac
  if [[ $PREFIX == -* ]]; then
    _describe -o option options
  else
    (( $#commands )) && _describe command commands
    (( $#files )) && _files
  fi
}
if [[ $funcstack[1] == _dragoman ]]; then _dragoman "$@"; else compdef _dragoman dragoman; fi`;

const alternatives = (words: readonly string[]): string => words.map(quoted).join("|");

function placeCase({ path, commands, options, choices, files }: Place): string {
  const words = [...commands, ...choices.map((word) => ({ word, summary: "" }))];
  return [
    `    (${quoted(path)})`,
    `      commands=(${described(words)})`,
    `      options=(${described(options)})`,
    ...(files ? ["      files=(1)"] : []),
    "      ;;",
  ].join("\n");
}

/** \`word:what it is for\`, the word's own colons escaped. */
const described = (words: readonly Word[]): string =>
  words
    .map(({ word, summary }) => quoted(summary === "" ? word : `${word.replaceAll(":", "\\:")}:${summary}`))
    .join(" ");
