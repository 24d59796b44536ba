import { z } from "zod";
import type { Close, CloseCause } from "../core/closes.ts";
import type { Command, CommandArgs, CommandName, CommandReply } from "../core/command.ts";
import type { DialectSettings, Endpoint } from "../core/endpoint.ts";
import type { Refusal } from "../core/errors.ts";
import type { EventKind, Publication, Via } from "../core/event.ts";
import type { Principal } from "../core/principal.ts";
import type { Topic } from "../core/topic.ts";

/** A frame before it is text: an object with its keys in the documented order. */
export type FrameBody = object;
export type Frames = FrameBody | readonly FrameBody[] | null;

/** What a dialect may know of a connection. */
export interface ConnectionView {
  readonly who: Principal;
  /** The socket endpoint's name. */
  readonly endpoint: string;
  /** The topic that the path names, if it names one. */
  readonly path: Topic | null;
  /** Joined rooms, the personal one too, in the order of joining. */
  readonly rooms: readonly Topic[];
  /** Now, ISO 8601. */
  readonly now: string;
  readonly settings: DialectSettings;
}

/** A frame read: a command, an answer to the sender alone, or (null) nothing at all. */
export type Decoded = Command | { readonly answer: FrameBody } | null;

/** How a refused handshake is told: as an HTTP status, or by accepting and closing at once. */
export type HandshakeRefusal = { readonly status: number } | { readonly close: CloseCause };

/** Where a dialect can be connected to, and what is heard there. */
export interface SocketEndpoint {
  readonly name: string;
  /** `/ws/tasks/:workspace_id`. */
  readonly path: string;
  readonly summary: string;
  /** `claimed`: without a token the path's id is merely claimed (one-way public sockets). */
  readonly proof: "token" | "claimed";
  /** False answers 404. */
  readonly enabled?: (settings: DialectSettings) => boolean;
  /** The topic that the path names and that needs access. */
  readonly topic?: (params: Readonly<Record<string, string>>) => Topic | null;
  /** Of `claimed` endpoints: the user id in the path. */
  readonly claims?: (params: Readonly<Record<string, string>>) => string;
  /** Hears the user's own topic. */
  readonly personal: boolean;
  /** Hears what is told to everyone. */
  readonly announcements: boolean;
  readonly welcome?: (view: ConnectionView) => FrameBody;
}

/** What each reply looks like; a command that the dialect never decodes has none. */
export type ReplyTable = {
  readonly [N in CommandName]?: (
    reply: CommandReply<N>,
    view: ConnectionView,
    args: CommandArgs<N>,
  ) => Frames;
};

/** What each event looks like where it is heard; null is a decision: the dialect is silent. */
export type EncodeTable = {
  readonly [K in EventKind]: ((event: Publication<K>, via: Via) => Frames) | null;
};

/** A refused command, as the dialect tells it: a frame, and perhaps the end of the socket. */
export interface ToldRefusal {
  readonly frame: FrameBody | null;
  readonly close?: CloseCause;
}

/** What the documentation says of a frame beyond its schema. */
export interface FrameDoc<T = unknown> {
  /** What it is for, in one line. */
  readonly summary: string;
  /** Names of the sockets where it is sent; all of the dialect's where left out. */
  readonly at?: readonly string[];
  /** Of what the server sends: the kinds of events that it tells of. */
  readonly tells?: readonly EventKind[];
  /** Of what the server sends: the client's frames that it answers. */
  readonly answers?: readonly string[];
  /** As the dialect's document has them, where it has any. A test sends them, and compares. */
  readonly examples: readonly [T, ...T[]];
}

/** One for each frame: `docs satisfies DocsOf<typeof frames>`. */
export interface DocsOf<F extends Dialect["frames"]> {
  readonly client: { readonly [K in keyof F["client"]]: FrameDoc<z.input<F["client"][K]>> };
  readonly server: { readonly [K in keyof F["server"]]: FrameDoc<z.output<F["server"][K]>> };
}

/** What was missed has been told; every dialect's sockets hear it, and the core writes it. */
export const resumedFrame = z.object({
  type: z.literal("resumed"),
  data: z.object({ recovered: z.boolean(), last_event_id: z.int() }),
});

/**
 * A dialect: where do you connect and what do you hear (`sockets`), what can be asked by HTTP
 * (`endpoints`), what do you say (`decode`), what do you hear (`encode`). Data and pure functions.
 */
export interface Dialect {
  readonly name: string;
  readonly summary: string;
  /** Rises with every change of a frame; test/dialects holds the schemas' hash to it. */
  readonly version: number;
  /** One schema a frame: what clients send, what the server sends. */
  readonly frames: {
    readonly client: Readonly<Record<string, z.ZodType>>;
    readonly server: Readonly<Record<string, z.ZodType>>;
  };
  readonly docs: {
    readonly client: Readonly<Record<string, FrameDoc>>;
    readonly server: Readonly<Record<string, FrameDoc>>;
  };
  readonly sockets: readonly SocketEndpoint[];
  readonly endpoints: readonly Endpoint[];
  readonly decode: (text: string, view: ConnectionView) => Decoded;
  readonly encode: EncodeTable;
  readonly replies: ReplyTable;
  readonly refusal: (refusal: Refusal, view: ConnectionView, command: Command | null) => ToldRefusal;
  readonly handshake: { readonly unauthenticated: HandshakeRefusal; readonly tooMany: HandshakeRefusal };
  /** Own codes for common causes. */
  readonly closes?: Partial<Record<CloseCause, Close>>;
  /** True where one socket may listen to the topics of other users. */
  readonly roams?: boolean;
}

export const defineDialect = <D extends Dialect>(dialect: D): D => dialect;

/** The first problem of a schema, as one line for an error frame. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "unknown problem";
  const path = issue.path.join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}

const MAX_SHOWN = 64;

/** A value of any type, short enough to be named in an error. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "null";
  return typeof value === "object" ? "object" : String(value).slice(0, MAX_SHOWN).toWellFormed();
}
