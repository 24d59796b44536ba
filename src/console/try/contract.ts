/** What the server's documents say of its sockets and frames, read from `/asyncapi.json`. */
import { isObject } from "../../core/json.ts";
import { type CloseFact, closeFacts } from "./closes.ts";
import { type Json, listOf, recordOf, resolve, textOf } from "./documents.ts";

export interface Example {
  readonly name: string;
  readonly payload: unknown;
}

/** A frame that a socket reads or writes. */
export interface Message {
  readonly name: string;
  readonly summary: string;
  /** JSON Schema of the frame, references followed where they are needed. */
  readonly schema: Json;
  readonly examples: readonly Example[];
}

export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly example: string;
}

/** Where a dialect can be connected to. */
export interface Socket {
  readonly dialect: string;
  readonly name: string;
  /** `/ws/tasks/{workspace_id}`. */
  readonly address: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  /** `claimed`: a token may be left out. */
  readonly proof: "token" | "claimed";
  /** Hears the user's own notifications. */
  readonly personal: boolean;
  /** What clients send. */
  readonly says: readonly Message[];
  /** What the server sends. */
  readonly hears: readonly Message[];
  readonly closes: readonly CloseFact[];
}

export interface Dialect {
  readonly name: string;
  readonly sockets: readonly Socket[];
}

/** The dialects in the document's order. */
export function dialectsOf(document: Json): readonly Dialect[] {
  const sockets = Object.entries(recordOf(document.channels)).map(([id, channel]) =>
    socketOf(document, id, resolve(document, channel)),
  );
  const names = [...new Set(sockets.map(({ dialect }) => dialect))];
  return names.map((name) => ({ name, sockets: sockets.filter(({ dialect }) => dialect === name) }));
}

function socketOf(document: Json, id: string, channel: Json): Socket {
  const messages = Object.entries(recordOf(channel.messages)).map(([key, message]) => {
    const read = resolve(document, message);
    return { direction: read["x-direction"], message: messageOf(document, key, read) };
  });
  const toward = (direction: string): readonly Message[] =>
    messages.filter((one) => one.direction === direction).map(({ message }) => message);
  return {
    dialect: textOf(channel["x-dialect"]) ?? id,
    name: textOf(channel["x-endpoint"]) ?? id,
    address: textOf(channel.address) ?? "",
    summary: textOf(channel.summary) ?? textOf(channel.description) ?? "",
    parameters: parametersOf(document, channel),
    proof: channel["x-proof"] === "claimed" ? "claimed" : "token",
    personal: recordOf(channel["x-hears"]).personal === true,
    says: toward("client"),
    hears: toward("server"),
    closes: closeFacts(channel["x-closes"]),
  };
}

function parametersOf(document: Json, channel: Json): readonly Parameter[] {
  return Object.entries(recordOf(channel.parameters)).map(([name, parameter]) => {
    const { description, examples, default: usual } = resolve(document, parameter);
    return {
      name,
      description: textOf(description) ?? "",
      example: textOf(listOf(examples)[0]) ?? textOf(usual) ?? "",
    };
  });
}

function messageOf(document: Json, key: string, message: Json): Message {
  return {
    name: textOf(message.name) ?? key,
    summary: textOf(message.summary) ?? textOf(message.title) ?? "",
    schema: resolve(document, message.payload),
    examples: listOf(message.examples)
      .filter(isObject)
      .map((example) => ({
        name: textOf(example.name) ?? textOf(example.summary) ?? "",
        payload: example.payload,
      })),
  };
}
