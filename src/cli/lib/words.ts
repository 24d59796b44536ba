import { relative, resolve } from "node:path";

/** A path as one would type it here: `./dragoman_data` inside the current folder, else absolute. */
export function shortPath(path: string): string {
  const absolute = resolve(path);
  const inside = relative(process.cwd(), absolute);
  return inside === "" ? "." : inside.startsWith("..") ? absolute : `./${inside}`;
}

/** A word for a POSIX shell, quoted only where it must be. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
