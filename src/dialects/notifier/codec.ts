import type { z } from "zod";
import { type Command, command } from "../../core/command.ts";
import type { Refusal } from "../../core/errors.ts";
import { toWireId } from "../../core/ids.ts";
import { isObject, parseJson } from "../../core/json.ts";
import { type Topic, userTopic } from "../../core/topic.ts";
import { type ConnectionView, type Decoded, type ReplyTable, shown, type ToldRefusal } from "../dialect.ts";
import {
  type EchoFrame,
  type ErrorFrame,
  joinRoomFrame,
  leaveRoomFrame,
  type RoomsFrame,
  sendBroadcastFrame,
  sendRoomMessageFrame,
  textFrame,
  type WelcomeFrame,
} from "./frames.ts";
import { spellRoom } from "./rooms.ts";

/** Document 004, Message Format. What cannot be read is answered; the socket stays open. */
export function decode(text: string): Decoded {
  const message = parseJson(text);
  if (message === undefined) return badFormat("not valid JSON");
  if (!isObject(message)) return badFormat("not a JSON object");
  switch (message.type) {
    case "text":
      return read(textFrame, message, ({ data }) => ({ answer: echo(textOf(data)) }));
    case "join_room":
      return read(joinRoomFrame, message, ({ data, room }) =>
        command("room.join", { topics: [room], lastEventId: lastEventIdOf(data) }),
      );
    case "leave_room":
      return read(leaveRoomFrame, message, ({ room }) => command("room.leave", { topics: [room] }));
    case "room_message":
      return read(sendRoomMessageFrame, message, ({ data, room }) =>
        withContent(data, (content) =>
          command("message.send", { topic: room, content, metadata: {}, mustBeIn: false }),
        ),
      );
    case "broadcast":
      return read(sendBroadcastFrame, message, ({ data }) =>
        withContent(data, (message) => command("user.broadcast", { message })),
      );
    default:
      return badFormat(`Unknown message type: ${shown(message.type)}`);
  }
}

function read<S extends z.ZodType>(
  schema: S,
  message: unknown,
  then: (frame: z.output<S>) => Decoded,
): Decoded {
  const frame = schema.safeParse(message);
  return frame.success ? then(frame.data) : badFormat(frame.error.issues[0]?.message ?? "unknown problem");
}

function lastEventIdOf(data: z.output<typeof joinRoomFrame>["data"]): number | "latest" | undefined {
  if (typeof data !== "object" || data === null || !("last_event_id" in data)) return undefined;
  return data.last_event_id ?? undefined;
}

/** Texts as they are, nothing as nothing, everything else as JSON. */
function textOf(data: unknown): string {
  if (data === undefined || data === null) return "";
  return typeof data === "string" ? data : JSON.stringify(data);
}

function withContent(data: unknown, then: (content: string) => Decoded): Decoded {
  const content = textOf(data);
  return content === "" ? badFormat("Message is required") : then(content);
}

const error = (message: string): ErrorFrame => ({
  type: "error",
  message,
  data: { level: "error" },
  room: null,
});

const badFormat = (why: string): Decoded => ({ answer: error(`Invalid message format: ${why}`) });

const echo = (text: string): EchoFrame => ({
  type: "text",
  message: `Echo: ${text}`,
  data: null,
  room: null,
});

const spelled = (topics: readonly Topic[]): string[] => topics.map(spellRoom).filter((room) => room !== null);

/** Document 004, Features: each user is in the personal room `user_{user_id}`. */
export const welcome = (view: ConnectionView): WelcomeFrame => ({
  type: "info",
  message: `Connected successfully. You are in room: ${spellRoom(userTopic(view.who.id))}`,
  data: { user_id: toWireId(view.who.id), rooms: spelled(view.rooms) },
  room: null,
});

const told = (what: string, topics: readonly Topic[], rooms: readonly Topic[]): RoomsFrame[] =>
  spelled(topics).map((room) => ({
    type: "info",
    message: `${what} room: ${room}`,
    data: { rooms: spelled(rooms) },
    room,
  }));

export const replies = {
  "room.join": (reply) => told("Joined", reply.topics, reply.rooms),
  "room.leave": (reply) => told("Left", [...reply.left, ...reply.missed], reply.rooms),
  // What is heard in the room, or by everybody, is the answer.
  "message.send": () => null,
  "user.broadcast": () => null,
} satisfies ReplyTable;

/** Every refusal is an error frame; the socket stays open. */
export function refusal(refused: Refusal, _view: ConnectionView, command: Command | null): ToldRefusal {
  if (refused.refused !== "FORBIDDEN") return { frame: error(refused.detail) };
  return { frame: error(`Forbidden: ${closedRoom(command) ?? refused.detail}`) };
}

function closedRoom(command: Command | null): string | null {
  if (command?.name === "room.join") return `No access to room ${spelled(command.args.topics).join(", ")}`;
  if (command?.name === "message.send") return `No access to room ${spelled([command.args.topic]).join()}`;
  return null;
}
