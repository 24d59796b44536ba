import type { z } from "zod";
import { CLOSES } from "../../core/closes.ts";
import { type Command, command } from "../../core/command.ts";
import type { Refusal } from "../../core/errors.ts";
import type { JsonObject } from "../../core/event.ts";
import { toWireId } from "../../core/ids.ts";
import { isObject, parseJson } from "../../core/json.ts";
import type { Topic } from "../../core/topic.ts";
import { type ConnectionView, type Decoded, type ReplyTable, shown, type ToldRefusal } from "../dialect.ts";
import {
  type ConnectedFrame,
  deleteMessageFrame,
  editMessageFrame,
  type ErrorFrame,
  type JoinedRoomFrame,
  joinRoomFrame,
  leaveRoomFrame,
  type LeftRoomFrame,
  type PongFrame,
  refreshFrame,
  type RefreshedFrame,
  sendMessageFrame,
} from "./frames.ts";
import { spellRoom } from "./rooms.ts";

/** Document 002, Client → Server Messages. What cannot be read is answered; the socket stays open. */
export function decode(text: string, view: ConnectionView): Decoded {
  const envelope = parseJson(text);
  if (!isObject(envelope)) return { answer: error("Invalid JSON format", view) };
  switch (envelope.type) {
    case "join_room":
      return read(joinRoomFrame, envelope, view, ({ room, data }) =>
        command("room.join", { topics: [room], lastEventId: lastEventIdOf(data) }),
      );
    case "leave_room":
      return read(leaveRoomFrame, envelope, view, ({ room }) => command("room.leave", { topics: [room] }));
    case "send_message":
      return read(sendMessageFrame, envelope, view, ({ room, data }) =>
        command("message.send", {
          topic: room,
          content: data.content,
          metadata: data.metadata as JsonObject,
          mustBeIn: true,
        }),
      );
    case "edit_message":
      return read(editMessageFrame, envelope, view, ({ data }) => command("message.edit", data));
    case "delete_message":
      return read(deleteMessageFrame, envelope, view, ({ data }) => command("message.delete", data));
    case "refresh":
      return read(refreshFrame, envelope, view, ({ data }) => command("token.refresh", data));
    case "ping":
      return { answer: pong(view) };
    default:
      return { answer: error(`Unknown message type: ${shown(envelope.type)}`, view) };
  }
}

function read<S extends z.ZodType>(
  schema: S,
  envelope: unknown,
  view: ConnectionView,
  then: (frame: z.output<S>) => Decoded,
): Decoded {
  const frame = schema.safeParse(envelope);
  if (frame.success) return then(frame.data);
  return { answer: error(frame.error.issues[0]?.message ?? "Invalid message", view) };
}

function lastEventIdOf(data: z.output<typeof joinRoomFrame>["data"]): number | "latest" | undefined {
  if (typeof data !== "object" || data === null || !("last_event_id" in data)) return undefined;
  return data.last_event_id ?? undefined;
}

const error = (text: string, view: ConnectionView, code?: number): ErrorFrame => ({
  type: "error",
  data: code === undefined ? { error: text } : { error: text, code },
  timestamp: view.now,
});

const pong = (view: ConnectionView): PongFrame => ({
  type: "pong",
  data: { timestamp: view.now },
  timestamp: view.now,
});

export const welcome = (view: ConnectionView): ConnectedFrame => ({
  type: "connected",
  data: { message: "Connected successfully", user_id: toWireId(view.who.id), username: view.who.username },
  timestamp: view.now,
});

const spelled = (topics: readonly Topic[]): string[] => topics.map(spellRoom).filter((room) => room !== null);

export const replies = {
  "room.join": (reply, view) =>
    spelled(reply.topics).map((room): JoinedRoomFrame => ({
      type: "joined_room",
      room,
      data: { message: `Joined room ${room}` },
      timestamp: view.now,
    })),
  "room.leave": (reply, view) =>
    spelled([...reply.left, ...reply.missed]).map((room): LeftRoomFrame => ({
      type: "left_room",
      room,
      data: { message: `Left room ${room}` },
      timestamp: view.now,
    })),
  "token.refresh": (reply, view): RefreshedFrame => ({
    type: "refreshed",
    data: { expires_at: reply.expires_at },
    timestamp: view.now,
  }),
  // What is heard in the room is the answer.
  "message.send": () => null,
  "message.edit": () => null,
  "message.delete": () => null,
} satisfies ReplyTable;

/**
 * Document 002, Error Codes: no access closes with 4403 (FORBIDDEN_JOIN=error: does not), a
 * fault of ours with 4500 and not a word; everything else is an error frame.
 */
export function refusal(refused: Refusal, view: ConnectionView, command: Command | null): ToldRefusal {
  if (refused.refused === "INTERNAL") return { frame: null, close: "internal" };
  if (command?.name === "room.join" && refused.refused === "FORBIDDEN") {
    const frame = error(
      `No access to room ${spelled(command.args.topics).join(", ")}`,
      view,
      CLOSES.forbidden.code,
    );
    return view.settings.forbiddenJoin === "error" ? { frame } : { frame, close: "forbidden" };
  }
  if (command?.name === "message.send" && isOutside(refused, view, command.args.topic)) {
    return { frame: error(`Not in room ${spelled([command.args.topic]).join()}`, view) };
  }
  return { frame: error(refused.detail, view) };
}

/** Whoever may not enter a room is not in it: he learns no more than that. */
const isOutside = (refused: Refusal, view: ConnectionView, topic: Topic): boolean =>
  refused.refused === "NOT_IN_ROOM" || (refused.refused === "FORBIDDEN" && !view.rooms.includes(topic));
