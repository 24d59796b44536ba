import { EVENT_KINDS, type EventKind } from "../core/event.ts";
import { isObject } from "../core/json.ts";
import { type Dialect, type FrameDoc, resumedFrame, type SocketEndpoint } from "../dialects/dialect.ts";
import type { JsonSchema, Writer } from "./schema.ts";

export type Side = "client" | "server";

/** One frame of a dialect as a message of the document. */
export interface Message {
  /** Its key in the components: `chat.server.message`. */
  readonly key: string;
  /** Its key in a channel: `server.message`. */
  readonly local: string;
  readonly side: Side;
  /** Names of the sockets that carry it; null: all. */
  readonly at: readonly string[] | null;
  readonly body: object;
}

const EVENT_ID: JsonSchema = {
  type: "integer",
  description:
    "The event's place in the log: what last_event_id names. Only on sockets or rooms opened with last_event_id.",
};

const RESUMED: FrameDoc = {
  summary: "What was missed has been told, from here on it is live; only where last_event_id was given.",
  examples: [{ type: "resumed", data: { recovered: true, last_event_id: 42 } }],
};

/** Every frame of a dialect; `resumed`, which the core adds to each, included. */
export function messagesOf(dialect: Dialect, writer: Writer): readonly Message[] {
  const { frames, docs } = dialect;
  const server = { ...frames.server, resumed: resumedFrame };
  const serverDocs = { resumed: RESUMED, ...docs.server };
  return [
    ...Object.keys(frames.client).map((name) =>
      messageOf(dialect, "client", name, writer.write(frames.client[name]!, "input"), docs.client[name]),
    ),
    ...Object.keys(server).map((name) =>
      messageOf(
        dialect,
        "server",
        name,
        writer.write(server[name as keyof typeof server], "output"),
        serverDocs[name as keyof typeof serverDocs],
      ),
    ),
  ];
}

function messageOf(
  dialect: Dialect,
  side: Side,
  name: string,
  payload: JsonSchema,
  doc: FrameDoc | undefined,
): Message {
  const kinds = doc?.tells ?? [];
  const durable = kinds.some((kind) => EVENT_KINDS[kind].durable);
  return {
    key: `${dialect.name}.${side}.${name}`,
    local: `${side}.${name}`,
    side,
    at: doc?.at ?? null,
    body: {
      name,
      title: name,
      ...(doc === undefined ? {} : { summary: doc.summary }),
      contentType: "application/json",
      payload: side === "server" ? withEventId(payload, durable) : payload,
      ...(doc === undefined ? {} : { examples: examplesOf(name, doc) }),
      "x-dialect": dialect.name,
      "x-direction": side,
      ...(side === "client" ? {} : { "x-durable": durable, "x-kinds": kindsOf(kinds) }),
      ...(doc?.answers === undefined ? {} : { "x-answers": doc.answers }),
    },
  };
}

const kindsOf = (kinds: readonly EventKind[]): readonly object[] =>
  kinds.map((kind) => ({ kind, durable: EVENT_KINDS[kind].durable, summary: EVENT_KINDS[kind].summary }));

const examplesOf = (name: string, doc: FrameDoc): readonly object[] =>
  doc.examples.map((payload, at) => ({ name: at === 0 ? name : `${name}-${at + 1}`, payload }));

/** Durable events have an id where the socket asked for ids; the others never. */
function withEventId(payload: JsonSchema, durable: boolean): JsonSchema {
  if (!isObject(payload.properties)) return payload;
  const { event_id: _, ...properties } = payload.properties;
  return { ...payload, properties: durable ? { ...properties, event_id: EVENT_ID } : properties };
}

/** Whether a socket carries it. */
export const isAt = ({ at }: Message, socket: SocketEndpoint): boolean =>
  at === null || at.includes(socket.name);
