import type { Framed } from "../expect.ts";
import { added, ANYTHING, type Expected, given, ours, part, rule, TEXT } from "../expect.ts";
import type { Person } from "../people.ts";
import type { Scene } from "../scene.ts";
import { type Asked, framed, hear, open, perhaps, send, type Step } from "../steps.ts";

export const SOCKET = "/api/v1/ws";
export const BOTH = { needs: ["user", "second"] } as const;
export const PRIVILEGED = { needs: ["user", "privileged"] } as const;

/** "room_name (if applicable)": there or not, Dragoman writes null. */
export const NO_ROOM = added(null);
/** "additional data": what is in it the document does not say, Dragoman does. */
const data = (fields: Expected): Expected => added(fields);

const info = (schema: string, message: string, fields: Expected, room: Expected): Framed =>
  framed(schema, { type: "info", message: ours(TEXT, message), data: data(fields), room });

export const welcome = ({ id, wireId }: Person): Framed =>
  info(
    "welcome",
    `Connected successfully. You are in room: user_${id}`,
    { user_id: wireId, rooms: [`user_${id}`] },
    NO_ROOM,
  );

export const echo = (text: string): Framed =>
  framed("echo", {
    type: "text",
    message: ours(containingText(text), `Echo: ${text}`),
    data: data(null),
    room: NO_ROOM,
  });

const containingText = (text: string): Expected =>
  rule(`<text with ${JSON.stringify(text)}>`, (value) => typeof value === "string" && value.includes(text));

export const joined = (s: Scene, who: Person): Framed =>
  info(
    "rooms",
    `Joined room: ${s.freeRoom}`,
    { rooms: [`user_${who.id}`, s.freeRoom] },
    ours(ANYTHING, s.freeRoom),
  );
export const left = (s: Scene, who: Person): Framed =>
  info("rooms", `Left room: ${s.freeRoom}`, { rooms: [`user_${who.id}`] }, ours(ANYTHING, s.freeRoom));

export const roomMessage = (s: Scene, who: Person, message: string): Framed =>
  framed("room_message", {
    type: "room_message",
    message,
    data: data({ from_user_id: who.wireId }),
    room: s.freeRoom,
  });

export const broadcast = (who: Person, message: string): Framed =>
  framed("broadcast", {
    type: "broadcast",
    message,
    data: data({ from_user_id: who.wireId }),
    room: NO_ROOM,
  });

export const error = (message: Expected): Framed =>
  framed("error", {
    type: "error",
    message: ours(TEXT, message),
    data: data({ level: "error" }),
    room: NO_ROOM,
  });

/** What the backend tells; the level and `notification` are documented, the type is not. */
export const notice = (
  schema: string,
  type: Expected,
  level: string,
  room: Expected,
  more: Readonly<Record<string, Expected>> = {},
): Framed =>
  framed(schema, {
    type,
    message: given("Processing complete!"),
    // "... additional data" comes last in the document, first in Dragoman's contract.
    data: ours(part({ level, notification: true, ...more }), { ...more, level, notification: true }),
    room,
  });

/** The answer to a text comes behind what was sent before. */
export const marker = (peer: string): readonly Step[] => [
  send(peer, { type: "text", data: `marker ${peer}` }),
  hear(peer, echo(`marker ${peer}`)),
];

/** Open; that there is a welcome, only Dragoman's contract says. */
export const opened = (peer: string, who: Person): readonly Step[] => [
  open(peer, SOCKET),
  hear(peer, perhaps(welcome(who))),
];

export const inside = (peer: string, s: Scene, who: Person): readonly Step[] => [
  ...opened(peer, who),
  send(peer, { type: "join_room", room: s.freeRoom }),
  hear(peer, perhaps(joined(s, who))),
  ...marker(peer),
];

export const notify = (path: string, as: Asked["as"], level: string, more: object = {}): Asked => ({
  method: "POST",
  path: `/api/v1/notify/${path}`,
  as,
  body: { message: "Processing complete!", level, ...more },
});

export const OK = { status: 200 } as const;
export const LEVELS = ["info", "success", "warning", "error"] as const;

export const HELLO = "Hello everyone in the project!";
