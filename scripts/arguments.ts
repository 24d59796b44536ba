/** The command line of a script: its help is the comment at its head, so that both say the same. */
import { readFileSync } from "node:fs";
import { parseArgs, type ParseArgsConfig } from "node:util";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ readonly options: T; readonly allowPositionals: true }>
>;

/** With `--help` prints the help and ends the script; with an option that is not there it ends with 2. */
export function readArguments<T extends Options>(file: string, options: T): Parsed<T> {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    console.log(helpOf(file));
    process.exit(0);
  }
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    console.error(`error  ${(error as Error).message}\n\n${helpOf(file)}`);
    process.exit(2);
  }
}

/** The first documentation comment of a file, as plain text. */
export function helpOf(file: string): string {
  const [, comment = ""] = /\/\*\*\n([\s\S]*?)\n \*\//.exec(readFileSync(file, "utf8")) ?? [];
  return comment.replace(/^ \* ?/gm, "");
}
