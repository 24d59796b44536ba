import type { localAccess } from "../lib/remote.ts";
import type { TapeWriter } from "./writer.ts";

/** What the lines of one recording share. */
export interface Recorder {
  /** The server; a path in it comes before all others. */
  readonly url: URL;
  readonly access: ReturnType<typeof localAccess>;
  readonly tape: TapeWriter;
  /** A number for the next line. */
  readonly next: () => number;
}

/** The same address at the server. */
export function thereFor(url: URL, server: URL): URL {
  const there = new URL(server);
  there.pathname = `${server.pathname.replace(/\/$/, "")}${url.pathname}`;
  there.search = url.search;
  return there;
}
