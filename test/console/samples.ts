/** The listings of the README and the guides, cut into what can be run. */
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dir, "../..");
export const GUIDES = "src/console/docs/guides";

export const FILES: readonly string[] = [
  "README.md",
  ...[...new Bun.Glob("*.md").scanSync(join(ROOT, GUIDES))].toSorted().map((name) => `${GUIDES}/${name}`),
];

export const textOfFile = (path: string): Promise<string> => Bun.file(join(ROOT, path)).text();

export interface Sample {
  /** `README.md:12` */
  readonly at: string;
  readonly language: string;
  /** False where it says `no-run`: it does not end, or is about another machine. */
  readonly runs: boolean;
  readonly text: string;
}

/** Every listing of a Markdown file. */
export function samplesOf(path: string, markdown: string): readonly Sample[] {
  const fences = /^```(\w*)([^\n]*)\n(.*?)^```$/gms;
  return [...markdown.matchAll(fences)].map(({ 1: language = "", 2: info = "", 3: text = "", index }) => ({
    at: `${path}:${markdown.slice(0, index).split("\n").length}`,
    language,
    runs: !info.split(/\s+/).includes("no-run"),
    text,
  }));
}

export interface Command {
  readonly at: string;
  /** A whole command line, its continued lines included. */
  readonly line: string;
  /** What is typed into it: the lines behind `>`. */
  readonly typed: readonly string[];
}

/** The commands of a shell listing, in their order. */
export function commandsOf({ text, at }: Sample): readonly Command[] {
  const commands: { at: string; line: string; typed: string[] }[] = [];
  for (const line of text.replaceAll("\\\n", " ").split("\n")) {
    const last = commands.at(-1);
    if (line.startsWith("> ")) last?.typed.push(line.slice(2));
    else if (line.trim() !== "") commands.push({ at, line: line.trim(), typed: [] });
  }
  return commands;
}

/** The program that a command line runs, and its arguments as they are written. */
export function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.filter(
    (word, at) => !/^\w+=/.test(word) || words.slice(0, at).some((before) => !/^\w+=/.test(before)),
  );
}
