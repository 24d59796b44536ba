import type { Command, Option } from "commander";

/** A word with what it is for. */
export interface Word {
  readonly word: string;
  readonly summary: string;
}

/** An option's word, and what may stand behind it. */
export interface OptionWord extends Word {
  readonly takes: "nothing" | "file" | "value";
  readonly choices: readonly string[];
}

/** What can be typed behind a command. */
export interface Place {
  /** Empty for the program itself, else `/key/create`. */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly OptionWord[];
  /** Words that the next argument may be. */
  readonly choices: readonly string[];
  /** The next argument names a file. */
  readonly files: boolean;
}

const FILES = /<(?:file|folder|path|pem|data-dir)>/;

/** The program and all of its commands, as places where something can be typed. */
export function placesOf(program: Command, path = ""): readonly Place[] {
  const names = program.commands.map((command) => ({ word: command.name(), summary: command.summary() }));
  const help = { word: "help", summary: "show the help of a command" };
  const here: Place = {
    path,
    commands: path === "" ? [...names, help] : names,
    options: [...program.options.map(wordOf), HELP],
    choices: program.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
    files: program.registeredArguments.some((argument) => argument.name() === "file"),
  };
  const below = program.commands.flatMap((command) => placesOf(command, `${path}/${command.name()}`));
  // `help` is followed by the names of all commands.
  const ofHelp: Place = { path: "/help", commands: names, options: [], choices: [], files: false };
  return path === "" ? [here, ofHelp, ...below] : [here, ...below];
}

const HELP: OptionWord = { word: "--help", summary: "show this help", takes: "nothing", choices: [] };

function wordOf(option: Option): OptionWord {
  const takes =
    !option.required && !option.optional ? "nothing" : FILES.test(option.flags) ? "file" : "value";
  return {
    word: option.long ?? option.short ?? "",
    summary: option.description,
    takes,
    choices: option.argChoices ?? [],
  };
}

/** `/notify --level` → its choices, for every option that has some. */
export const choicesBehind = (
  places: readonly Place[],
): readonly (readonly [at: string, choices: readonly string[]])[] =>
  places.flatMap(({ path, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(({ word, choices }) => [`${path} ${word}`, choices] as const),
  );

/** `/backup --data-dir`: every option that takes a file, or (`value`) something that nobody can guess. */
export const optionsThatTake = (places: readonly Place[], what: "file" | "value"): readonly string[] =>
  places.flatMap(({ path, options }) =>
    options
      .filter(({ takes, choices }) => takes === what && choices.length === 0)
      .map(({ word }) => `${path} ${word}`),
  );

/** `/key`, `/key/create`: what a word behind another one can lead to. */
export const pathsIn = (places: readonly Place[]): readonly string[] =>
  places.map(({ path }) => path).filter((path) => path !== "");

/** In single quotes, as all three shells read them. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
