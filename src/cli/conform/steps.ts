import type { Expected, Framed, Kept, Level } from "./expect.ts";
import type { Forged, Who } from "./people.ts";

/** A value, or how it follows from what the check has seen. */
export type From<T> = T | ((kept: Kept) => T);
/** What is sent: text as it is, everything else as JSON. */
export type Said =
  | string
  | number
  | boolean
  | null
  | readonly unknown[]
  | Readonly<Record<string, unknown>>
  | ((kept: Kept) => unknown);
export type Params = Readonly<Record<string, string | number>>;

/** Which name or address, as whom, and how it is shown. */
export interface DialStep {
  readonly as: Who | Forged;
  /** Where the token is put; in the address, as all documents do. */
  readonly by?: "query" | "header" | "subprotocol" | "ticket";
  readonly params?: From<Params>;
  readonly query?: From<Params>;
  /** It only acts: what it hears, in another dialect perhaps, is not looked at. */
  readonly deaf?: boolean;
}

export interface HeardItem extends Framed {
  /** Who says that it comes. */
  readonly level: Level;
  /** Who says what is in it. */
  readonly content: Level;
}

export interface Answer {
  readonly status: Expected;
  readonly body?: Expected;
  readonly headers?: { readonly [name: string]: Expected };
  /** With this status the server is not as the check must find it. */
  readonly skip?: { readonly status: number; readonly why: string };
}

export interface Asked {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly as: Who | Forged;
  readonly params?: From<Params>;
  readonly query?: From<Params>;
  readonly body?: Said;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a check does, one after another. */
export type Step =
  | { readonly do: "open"; readonly peer: string; readonly path: string; readonly dial: DialStep }
  | {
      readonly do: "refused";
      readonly path: string;
      readonly token: Forged | Who;
      readonly params?: Params;
      readonly query?: Params;
      readonly expected: Expected;
      /** Closed behind the upgrade, not refused before it. */
      readonly closes: boolean;
    }
  | { readonly do: "send"; readonly peer: string; readonly frame: Said }
  | { readonly do: "hear"; readonly peer: string; readonly items: readonly HeardItem[] }
  | { readonly do: "ask"; readonly asked: Asked; readonly answer: Answer }
  | { readonly do: "make"; readonly name: string; readonly asked: Asked; readonly answer: Answer }
  | { readonly do: "closed"; readonly peer: string; readonly expected: Expected; readonly moreMs: number }
  | { readonly do: "leave"; readonly peer: string }
  | { readonly do: "refresh"; readonly peer: string }
  | { readonly do: "quiet"; readonly peer: string };

export const open = (peer: string, path: string, dial: Partial<DialStep> = {}): Step => ({
  do: "open",
  peer,
  path,
  dial: { as: peer.startsWith("b") ? "b" : "a", ...dial },
});

export const send = (peer: string, frame: Said): Step => ({ do: "send", peer, frame });

/** A frame by the name of its schema: what Dragoman's own table says is looked at too. */
export const framed = (schema: string, expected: Expected): Framed => ({ schema, expected });

/** A frame that only Dragoman's contract has. */
export const also = (frame: Framed | Expected): HeardItem => heardItem(frame, "addition", "addition");

/** A documented frame of which only Dragoman's contract says that it comes here. */
export const perhaps = (frame: Framed | Expected): HeardItem => heardItem(frame, "addition", "documented");

/** The next frames, in this order. */
export const hear = (peer: string, ...frames: readonly (HeardItem | Framed | Expected)[]): Step => ({
  do: "hear",
  peer,
  items: frames.map((frame) => (isHeardItem(frame) ? frame : heardItem(frame, "documented", "documented"))),
});

function heardItem(frame: Framed | Expected, level: Level, content: Level): HeardItem {
  const { schema, expected }: Framed = isFramed(frame) ? frame : { schema: null, expected: frame };
  return { schema, expected, level, content };
}

/** No frame of any dialect has these two fields. */
const isFramed = (frame: HeardItem | Framed | Expected): frame is Framed =>
  typeof frame === "object" && frame !== null && "schema" in frame && "expected" in frame;

const isHeardItem = (frame: HeardItem | Framed | Expected): frame is HeardItem =>
  isFramed(frame) && "content" in frame;

export const ask = (asked: Asked, answer: Answer): Step => ({ do: "ask", asked, answer });

/** An event for which the document has no address: by Dragoman's HTTP API, or by a command of the backend. */
export const make = (name: string, asked: Asked, answer: Answer): Step => ({
  do: "make",
  name,
  asked,
  answer,
});

/** `moreMs` where the reason for it has to come first. */
export const closed = (peer: string, expected: Expected, moreMs = 0): Step => ({
  do: "closed",
  peer,
  expected,
  moreMs,
});
export const leave = (peer: string): Step => ({ do: "leave", peer });
/** Hands in the first user's token on the open socket. */
export const refresh = (peer: string): Step => ({ do: "refresh", peer });
/** Nothing comes for a moment, where nothing that would prove it can be asked for. */
export const quiet = (peer: string): Step => ({ do: "quiet", peer });

export const refused = (
  path: string,
  token: Forged | Who,
  expected: Expected,
  more: { readonly params?: Params; readonly query?: Params; readonly closes?: boolean } = {},
): Step => ({ do: "refused", path, token, expected, closes: false, ...more });
