import { pathsIn, type Place } from "./places.ts";

/** A completion for fish 3 and later. */
export const fishScript = (places: readonly Place[]): string =>
  `# dragoman: completion for fish
function __dragoman_at
    set -l at ''
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if contains -- "$at/$word" ${pathsIn(places).join(" ")}
            set at "$at/$word"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c dragoman -f
${places.flatMap(linesOf).join("\n")}`;

/** In single quotes fish escapes with a backslash. */
const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

function linesOf({ path, commands, options, choices, files }: Place): readonly string[] {
  const here = `complete -c dragoman -n '__dragoman_at "${path}"'`;
  return [
    ...commands.map(({ word, summary }) => `${here} -a ${word} -d ${quoted(summary)}`),
    ...(choices.length > 0 ? [`${here} -a ${quoted(choices.join(" "))}`] : []),
    ...(files ? [`${here} -F`] : []),
    ...options.map(({ word, summary, takes, choices: behind }) => {
      const name = `-l ${word.replace(/^--/, "")}`;
      const argument =
        takes === "nothing"
          ? ""
          : behind.length > 0
            ? ` -x -a ${quoted(behind.join(" "))}`
            : takes === "file"
              ? " -r -F"
              : " -x";
      return `${here} ${name}${argument} -d ${quoted(summary)}`;
    }),
  ];
}
