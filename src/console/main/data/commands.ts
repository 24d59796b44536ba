import { useApp } from "../app.ts";
import type { CommandLine } from "./types.ts";

/** Commands to paste into a terminal of the server's machine. */
export interface Commands {
  /** One that speaks to the running server: `tail channel:1`. */
  server(words: string): string;
  /** One that opens its data folder: `key create backend`. Null where there is none. */
  store(words: string): string | null;
}

/** Where the server is embedded in another program it does not know; the name is that of an installed one. */
const installed = (): CommandLine => ({
  program: "dragoman",
  store: "",
  server: ` --url ${location.origin}`,
});

/** As the server says that they are typed; null until it has said so. */
export function useCommands(): Commands | null {
  const line = useApp().commandLine.value;
  if (line === undefined) return null;
  const { program, store, server } = line ?? installed();
  return {
    server: (words) => `${program} ${words}${server}`,
    store: (words) => (store === null ? null : `${program} ${words}${store}`),
  };
}

/** A word for a POSIX shell, quoted only where it must be. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
