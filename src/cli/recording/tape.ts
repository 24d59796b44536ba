/** What a recording holds: a header, and a line for each thing that passed, as NDJSON. */
import { z } from "zod";

/** Raised where a recording of before could no longer be read. */
export const FORMAT = 1;

/** Whose proof went along; never the proof itself. */
const speaker = z.object({
  /** Null for a service key, and for a proof that tells nobody. */
  user_id: z.string().nullable(),
  by: z.enum(["query", "header", "subprotocol", "ticket", "key"]),
  /** Other claims of the token: username, role, rooms. */
  claims: z.record(z.string(), z.unknown()).optional(),
  /** It had run out already. */
  expired: z.literal(true).optional(),
});
export type Speaker = z.infer<typeof speaker>;

/** JSON as it is; text where it is none, or is written in another way; anything else as base64. */
const said = {
  json: z.unknown().optional(),
  text: z.string().optional(),
  base64: z.string().optional(),
};
/** Of more only the length is kept. */
const MAX_BODY_CHARS = 1 << 20;

export interface Said {
  readonly json?: unknown;
  readonly text?: string | undefined;
  readonly base64?: string | undefined;
}

/** Milliseconds since the recording began, and which line it was: a socket, a stream or a request. */
const at = { ms: z.number(), line: z.int() };
const address = {
  path: z.string(),
  query: z.record(z.string(), z.string()),
  as: speaker.nullable(),
};

const header = z.object({
  recording: z.literal(FORMAT),
  /** Of the program that wrote it. */
  version: z.string(),
  /** The server's, and what it said that it is. */
  url: z.string(),
  server: z.string().nullable(),
  started_at: z.string(),
  /** The sockets of each dialect, to be read by people. */
  dialects: z.record(z.string(), z.array(z.string())),
});
export type Header = z.infer<typeof header>;

const entry = z.discriminatedUnion("event", [
  z.object({ ...at, event: z.literal("open"), ...address, dialect: z.string().nullable() }),
  z.object({ ...at, event: z.literal("opened") }),
  z.object({ ...at, event: z.literal("refused"), status: z.int() }),
  z.object({ ...at, event: z.literal("up"), ...said }),
  z.object({ ...at, event: z.literal("down"), ...said }),
  z.object({
    ...at,
    event: z.literal("closed"),
    by: z.enum(["client", "server"]),
    code: z.int(),
    reason: z.string(),
  }),
  z.object({
    ...at,
    event: z.literal("request"),
    method: z.string(),
    ...address,
    headers: z.record(z.string(), z.string()),
    ...said,
  }),
  /** `stream`: what follows are its events, as `down`. */
  z.object({ ...at, event: z.literal("answer"), status: z.int(), stream: z.boolean(), ...said }),
]);
export type Entry = z.infer<typeof entry>;
export type EntryOf<E extends Entry["event"]> = Extract<Entry, { event: E }>;

/** An entry with the number of its line in the file. */
export type Placed<E extends Entry = Entry> = E & { readonly at: number };

export interface Recording {
  readonly header: Header;
  readonly entries: readonly Placed[];
}

/** What is wrong with a line of the file. */
export class TapeFault extends Error {
  override readonly name = "TapeFault";
}

/** Reads a whole recording. Throws a TapeFault that names the line. */
export function readTape(text: string): Recording {
  const lines = text.split("\n");
  const first = header.safeParse(parsed(lines[0] ?? "", 1));
  if (!first.success) throw new TapeFault("line 1 is not the header of a recording");
  const entries = lines.flatMap((line, index) => {
    if (index === 0 || line === "") return [];
    const read = entry.safeParse(parsed(line, index + 1));
    if (!read.success) {
      const [issue] = read.error.issues;
      throw new TapeFault(`line ${index + 1}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`);
    }
    return [{ ...read.data, at: index + 1 }];
  });
  return { header: first.data, entries };
}

function parsed(line: string, at: number): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw new TapeFault(`line ${at} is not JSON`);
  }
}

/** What passed, as it is kept. */
export function saidOf(given: string | Uint8Array): Said {
  if (typeof given !== "string") return { base64: Buffer.from(given).toString("base64") };
  if (given === "") return {};
  if (given.length > MAX_BODY_CHARS) return { text: `(${given.length} characters)` };
  try {
    const json: unknown = JSON.parse(given);
    if (JSON.stringify(json) === given) return { json };
  } catch {
    // Kept as it is.
  }
  return { text: given };
}

/** What was kept, as it passes again; undefined where there was nothing. */
export function givenOf({ json, text, base64 }: Said): string | Uint8Array | undefined {
  if (base64 !== undefined) return Buffer.from(base64, "base64");
  return text ?? (json === undefined ? undefined : JSON.stringify(json));
}
