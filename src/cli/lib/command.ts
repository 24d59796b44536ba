import type { Command, CommanderError } from "commander";
import { suggest } from "../../core/suggest.ts";
import { unknownWord } from "./choices.ts";
import { EXIT, type Failure, failure } from "./failure.ts";
import { pasteable } from "./program-name.ts";
import { remark, say } from "./terminal.ts";

/** Gives a command this program's manners: nothing but main ends the program, and errors name a fix. */
export function prepare(command: Command): Command {
  return (
    command
      .helpOption("-h, --help", "show this help")
      .helpCommand(false)
      // Options of settings are long: what they do is told in a narrow column, rather than in long lines.
      .configureHelp({ minWidthToWrap: 24 })
      // Options behind a subcommand are the subcommand's, also where its parent knows them.
      .enablePositionalOptions()
      .showSuggestionAfterError(false)
      .configureOutput({
        writeOut: (text) => say(pasteable(text.trimEnd())),
        writeErr: (text) => remark(pasteable(text.trimEnd())),
        outputError: () => {},
      })
      .exitOverride((error) => {
        throw usageFailure(command, error) ?? error;
      })
  );
}

/** A prepared command of this command: `create <name>`, and what it does in a few words. */
export const subcommand = (parent: Command, nameAndArguments: string, summary: string): Command =>
  prepare(parent.command(nameAndArguments))
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`);

/** Shows lines to paste at the end of a command's help. */
export function examples(
  command: Command,
  lines: readonly (readonly [line: string, note: string])[],
): Command {
  const told = lines.map(([line, note]) => `  ${line}\n      ${note}`);
  return command.addHelpText("after", `\nExamples:\n${told.join("\n")}`);
}

const SHOWN = ["commander.helpDisplayed", "commander.version", "commander.help"];

/** What was typed wrong, in the words of this program; null where commander has only shown help or version. */
function usageFailure(command: Command, { code, message }: CommanderError): Failure | null {
  if (SHOWN.includes(code)) return null;
  const wrong = (WRONG_CHOICE.exec(message) ?? WRONG_ARGUMENT.exec(message))?.groups;
  if (wrong !== undefined)
    return unknownWord(wrong["word"] ?? "", (wrong["choices"] ?? "").split(", "), wrong["name"] ?? "");
  const what = message
    .replace(/^error: /, "")
    .replace(/\.$/, "")
    .replaceAll("'", '"');
  const path = pathOf(command);
  const help = command.commands.length > 0 ? `all commands: ${path} --help` : `all options: ${path} --help`;
  return failure(what, `${advice(command, code, what)}${help}`, EXIT.usage);
}

const WRONG_CHOICE =
  /'(?:-\w, )?(?<name>\S+?)(?: [^']*)?' argument '(?<word>.*)' is invalid\. Allowed choices are (?<choices>.*)\.$/s;
const WRONG_ARGUMENT =
  /value '(?<word>.*)' is invalid for argument '(?<name>.*)'\. Allowed choices are (?<choices>.*)\.$/s;

const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;

function advice(command: Command, code: string, what: string): string {
  const word = /"([^"]*)"/.exec(what)?.[1] ?? "";
  if (code === "commander.unknownCommand") {
    const near = suggest(
      word,
      command.commands.map((known) => known.name()),
    );
    return near === undefined ? "" : `did you mean: ${pathOf(command)} ${near}? `;
  }
  if (code === "commander.unknownOption") {
    const near = suggest(
      word,
      command.options.map((option) => option.long ?? ""),
    );
    if (near !== undefined) return `did you mean ${near}? `;
    return command.parent === null ? "options go behind the command, like: dragoman serve --port 8001; " : "";
  }
  if (code === "commander.missingMandatoryOptionValue") {
    const missing = command.options.find((option) => option.flags === word);
    const choices = missing?.argChoices === undefined ? "" : `, one of: ${missing.argChoices.join(", ")}`;
    return `write ${word.replace(/^-\w, /, "")}${choices}; `;
  }
  return code === "commander.missingArgument" ? `write: ${pathOf(command)} ${usageOf(command)}; ` : "";
}

const usageOf = (command: Command): string =>
  command.registeredArguments.map((argument) => `<${argument.name()}>`).join(" ");
