import { createWriteStream } from "node:fs";
import { masked } from "../recording/mask.ts";
import type { Entry, Header } from "../recording/tape.ts";

/** An entry that the writer gives its time. */
export type Passed = Entry extends infer E ? (E extends Entry ? Omit<E, "ms"> : never) : never;

/** How much has passed. */
export interface Counts {
  sockets: number;
  requests: number;
  /** Of sockets and streams, both ways. */
  frames: number;
}

/** Writes a recording, line by line, without any proof. Nobody else may read it. */
export interface TapeWriter {
  readonly counts: Readonly<Counts>;
  write(entry: Passed): void;
  /** Resolves when all is in the file. */
  end(): Promise<void>;
}

/** Rejects where the file exists already or cannot be made. */
export async function openTape(file: string, header: Header): Promise<TapeWriter> {
  const stream = createWriteStream(file, { flags: "wx", mode: 0o600 });
  await new Promise<void>((resolve, reject) => {
    stream.once("open", () => resolve());
    stream.once("error", reject);
  });
  const began = performance.now();
  const counts: Counts = { sockets: 0, requests: 0, frames: 0 };
  const put = (value: object): void => void stream.write(`${masked(JSON.stringify(value))}\n`);
  put(header);
  return {
    counts,
    write(entry) {
      if (entry.event === "open") counts.sockets++;
      else if (entry.event === "request") counts.requests++;
      else if (entry.event === "up" || entry.event === "down") counts.frames++;
      put({ ms: Math.round(performance.now() - began), ...entry });
    },
    end: () =>
      new Promise((resolve, reject) => {
        stream.once("error", reject);
        stream.end(resolve);
      }),
  };
}
