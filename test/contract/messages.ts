/** The channels of an AsyncAPI document and their messages, read as any client would. */
import { type Check, type Document, resolved, type Schema } from "./schemas.ts";

export interface Message {
  /** Its key among the components: `chat.server.message`. */
  readonly key: string;
  readonly name: string;
  readonly direction: "client" | "server";
  readonly payload: Schema;
  readonly examples: readonly unknown[];
  /** The name of the frame that it answers, and others. */
  readonly answers: readonly string[];
  readonly durable: boolean;
  readonly kinds: readonly { readonly kind: string; readonly durable: boolean }[];
}

export interface Channel {
  /** `chat.connect`. */
  readonly key: string;
  readonly dialect: string;
  /** With its parameters as in their examples. */
  readonly path: string;
  readonly client: readonly Message[];
  readonly server: readonly Message[];
}

interface RawChannel {
  readonly address: string;
  readonly parameters?: Readonly<Record<string, { readonly examples?: readonly string[] }>>;
  readonly messages: Readonly<Record<string, { readonly $ref: string }>>;
  readonly "x-dialect": string;
}

interface RawMessage {
  readonly name: string;
  readonly payload: Schema;
  readonly examples?: readonly { readonly payload: unknown }[];
  readonly "x-direction": "client" | "server";
  readonly "x-durable"?: boolean;
  readonly "x-kinds"?: Message["kinds"];
  readonly "x-answers"?: readonly string[];
}

export const channelsOf = (document: Document): readonly Channel[] =>
  Object.entries(document.channels as Record<string, RawChannel>).map(([key, channel]) => {
    const messages = Object.values(channel.messages).map((reference) => messageOf(document, reference));
    return {
      key,
      dialect: channel["x-dialect"],
      path: channel.address.replaceAll(
        /\{(\w+)\}/g,
        (_, name: string) => channel.parameters?.[name]?.examples?.[0] ?? "",
      ),
      client: messages.filter(({ direction }) => direction === "client"),
      server: messages.filter(({ direction }) => direction === "server"),
    };
  });

function messageOf(document: Document, reference: { readonly $ref: string }): Message {
  const raw = resolved<RawMessage>(document, reference);
  return {
    key: reference.$ref.split("/").at(-1) ?? "",
    name: raw.name,
    direction: raw["x-direction"],
    payload: raw.payload,
    examples: (raw.examples ?? []).map(({ payload }) => payload),
    answers: raw["x-answers"] ?? [],
    durable: raw["x-durable"] === true,
    kinds: raw["x-kinds"] ?? [],
  };
}

/** Fields that a schema lists, however deep: the more there are, the more it says. */
const detailOf = (schema: unknown): number => {
  if (typeof schema !== "object" || schema === null) return 0;
  const own = "properties" in schema ? Object.keys(schema.properties as object).length : 0;
  return Object.values(schema).reduce<number>((sum, inner) => sum + detailOf(inner), own);
};

/** Which documented message a frame is: of several the one that says most; null where it is none. */
export function messageFor(check: Check, messages: readonly Message[], frame: unknown): Message | null {
  const [best = null] = messages
    .filter(({ payload }) => check(payload, frame).length === 0)
    .toSorted((a, b) => detailOf(b.payload) - detailOf(a.payload));
  return best;
}
