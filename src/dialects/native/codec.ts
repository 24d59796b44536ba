import type { z } from "zod";
import { type Command, type CommandName, command } from "../../core/command.ts";
import { type ErrorCode, ERRORS, type Refusal } from "../../core/errors.ts";
import type { JsonObject } from "../../core/event.ts";
import { toWireId } from "../../core/ids.ts";
import { isObject, parseJson } from "../../core/json.ts";
import {
  type ConnectionView,
  type Decoded,
  firstIssue,
  type ReplyTable,
  type ToldRefusal,
} from "../dialect.ts";
import {
  type ErrorFrame,
  pingFrame,
  type PongFrame,
  type PublishedFrame,
  publishFrame,
  reference,
  type RefreshedFrame,
  refreshFrame,
  subscribeFrame,
  type SubscriptionsFrame,
  unsubscribeFrame,
  type WelcomeFrame,
} from "./frames.ts";

const MAX_SHOWN = 64;

/** The client's `id`. A command carries it as an extra property of its arguments. */
type Reference = z.infer<typeof reference>;
interface Referring {
  readonly ref?: Reference | undefined;
}

/** What each command is called on the wire. */
const FRAME_TYPES: Partial<Record<CommandName, string>> = {
  "room.join": "subscribe",
  "room.leave": "unsubscribe",
  "message.send": "publish",
  "token.refresh": "refresh",
};

export function decode(text: string, view: ConnectionView): Decoded {
  const frame = parseJson(text);
  if (!isObject(frame))
    return { answer: failed(null, "BAD_JSON", "The frame is not valid JSON. Send a JSON object.") };
  switch (frame.type) {
    case "subscribe":
      return read(subscribeFrame, frame, ({ id, data: { topics, last_event_id } }) =>
        command("room.join", { topics, lastEventId: last_event_id ?? undefined, ...referring(id) }),
      );
    case "unsubscribe":
      return read(unsubscribeFrame, frame, ({ id, data: { topics } }) =>
        command("room.leave", { topics, ...referring(id) }),
      );
    case "publish":
      return read(publishFrame, frame, ({ id, data: { topic, content, metadata, idempotency_key } }) =>
        command("message.send", {
          topic,
          content,
          metadata: metadata as JsonObject,
          mustBeIn: false,
          ...(idempotency_key === undefined ? {} : { idempotencyKey: idempotency_key }),
          ...referring(id),
        }),
      );
    case "refresh":
      return read(refreshFrame, frame, ({ id, data: { token } }) =>
        command("token.refresh", { token, ...referring(id) }),
      );
    case "ping":
      return read(pingFrame, frame, ({ id }) => ({ answer: pong(id, view) }));
    default: {
      const type = typeof frame.type === "string" ? frame.type.slice(0, MAX_SHOWN).toWellFormed() : null;
      const types = Object.values(FRAME_TYPES).join(", ");
      return {
        answer: failed(
          referenceOf(frame) ?? type,
          "BAD_REQUEST",
          type === null
            ? `A frame needs a type: ${types} or ping.`
            : `Unknown type: ${type}. Send ${types} or ping.`,
        ),
      };
    }
  }
}

function read<S extends z.ZodType>(
  schema: S,
  frame: Readonly<Record<string, unknown>>,
  then: (frame: z.output<S>) => Decoded,
): Decoded {
  const checked = schema.safeParse(frame);
  if (checked.success) return then(checked.data);
  return {
    answer: failed(referenceOf(frame) ?? String(frame.type), "BAD_FIELDS", firstIssue(checked.error)),
  };
}

const referenceOf = (frame: Readonly<Record<string, unknown>>): Reference | undefined =>
  reference.safeParse(frame.id).data;

const referring = (ref: Reference | undefined): Referring => (ref === undefined ? {} : { ref });

const toOf = (name: CommandName, args: object): string | number | null =>
  (args as Referring).ref ?? FRAME_TYPES[name] ?? null;

const failed = (
  to: string | number | null,
  code: ErrorCode,
  detail: string = ERRORS[code].detail,
): ErrorFrame => ({
  type: "reply",
  to,
  error: { code, detail },
});

const pong = (to: Reference | undefined, view: ConnectionView): PongFrame => ({
  type: "pong",
  ...(to === undefined ? {} : { to }),
  data: { timestamp: view.now },
});

export const welcome = (view: ConnectionView): WelcomeFrame => ({
  type: "welcome",
  data: {
    user_id: toWireId(view.who.id),
    username: view.who.username,
    topics: [...view.rooms],
    server: "dragoman",
  },
});

export const replies = {
  "room.join": ({ topics, rooms }, _view, args): SubscriptionsFrame => ({
    type: "reply",
    to: toOf("room.join", args),
    data: { topics: [...topics], rooms: [...rooms] },
  }),
  "room.leave": ({ left, rooms }, _view, args): SubscriptionsFrame => ({
    type: "reply",
    to: toOf("room.leave", args),
    data: { topics: [...left], rooms: [...rooms] },
  }),
  "message.send": ({ message_id, created_at }, _view, args): PublishedFrame => ({
    type: "reply",
    to: toOf("message.send", args),
    data: { message_id, created_at },
  }),
  "token.refresh": ({ expires_at }, _view, args): RefreshedFrame => ({
    type: "reply",
    to: toOf("token.refresh", args),
    data: { expires_at },
  }),
} satisfies ReplyTable;

/** Every refusal is told under its stable code; the socket stays open. */
export const refusal = (refused: Refusal, _view: ConnectionView, command: Command | null): ToldRefusal => ({
  frame: failed(command === null ? null : toOf(command.name, command.args), refused.refused, refused.detail),
});
