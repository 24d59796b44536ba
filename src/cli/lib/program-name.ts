import { realpathSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { shellWord, shortPath } from "./words.ts";

const NAME = "dragoman";
/**
 * A command in a text stands at the start of a line, behind a colon, a bar, a bracket or two blanks;
 * variables may be set before it.
 */
const COMMANDS = /((?:^|\n|[:|(] +|\(| {2,})(?:[A-Z_]+=\S+ )*)dragoman (?=[a-z-])/g;

/**
 * The text with its commands as they are typed here: `./dist/dragoman token …` where the program is
 * not on the path, `bun src/main.ts token …` where it runs from source.
 */
export function pasteable(text: string): string {
  if (!text.includes(`${NAME} `)) return text;
  const name = programName();
  return name === NAME ? text : text.replace(COMMANDS, (_, before: string) => `${before}${name} `);
}

/** The same as a word of its own, for whatever folder it is typed in. */
export const programAnywhere = (): string => programName(resolve);

function programName(pathOf = shortPath): string {
  const compiled = Bun.main.startsWith("/$bunfs/") || Bun.main.includes("~BUN");
  const file = compiled ? process.execPath : resolve(Bun.main);
  const found = Bun.which(NAME);
  if (found !== null && real(found) === real(file)) return NAME;
  const path = shellWord(pathOf(file));
  if (compiled) return path;
  const source = path.replace(/^\.\//, "");
  return Bun.which("bun", { PATH: ownPath() }) === null
    ? `npx -y bun@${Bun.version} ${source}`
    : `bun ${source}`;
}

/** Without the folders that npx and `bun run` add for the programs that they start. */
const ownPath = (): string =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !/[\\/](?:_npx|node_modules|bun-node-[^\\/]*)([\\/]|$)/.test(folder))
    .join(delimiter);

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
