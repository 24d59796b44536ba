import type { Framed } from "../expect.ts";
import { type Expected, TIME } from "../expect.ts";
import type { Person } from "../people.ts";
import type { Scene } from "../scene.ts";
import { also, framed, hear, open, send, type Step } from "../steps.ts";

export const CHAT = "/api/v1/ws/connect";

export const connected = (who: Person): Framed =>
  framed("connected", {
    type: "connected",
    data: { message: "Connected successfully", user_id: who.wireId, username: who.name },
    timestamp: TIME,
  });

export const joinedRoom = (room: string): Framed =>
  framed("joined_room", {
    type: "joined_room",
    room,
    data: { message: `Joined room ${room}` },
    timestamp: TIME,
  });

export const leftRoom = (room: string): Framed =>
  framed("left_room", { type: "left_room", room, data: { message: `Left room ${room}` }, timestamp: TIME });

/** Document 002, Event Envelope. */
export const event = (type: string, room: string, data: Expected, sender: Expected): Framed =>
  framed(type, { type, room, data, sender, timestamp: TIME });

export const userEvent = (type: "user_joined" | "user_left", room: string, who: Person): Framed =>
  event(type, room, { username: who.name, user_id: who.wireId }, who.name);

export const error = (text: Expected, more: Readonly<Record<string, Expected>> = {}): Framed =>
  framed("error", { type: "error", data: { error: text, ...more }, timestamp: TIME });

export const pong: Framed = framed("pong", { type: "pong", data: { timestamp: TIME }, timestamp: TIME });

/** Open, and welcomed. */
export const chatOpen = (peer: string, who: Person): readonly Step[] => [
  open(peer, CHAT),
  hear(peer, connected(who)),
];

/** Open, and in a room; that the joiner hears his own join, only Dragoman's contract says. */
export const chatIn = (peer: string, who: Person, room: string): readonly Step[] => [
  ...chatOpen(peer, who),
  send(peer, { type: "join_room", room }),
  hear(peer, joinedRoom(room), also(userEvent("user_joined", room, who))),
];

/** The answer to a ping comes behind what was sent before. */
export const marker = (peer: string): readonly Step[] => [send(peer, { type: "ping" }), hear(peer, pong)];

export const message = (s: Scene, who: Person, content: string, metadata: Expected, id: Expected): Framed =>
  event(
    "message",
    s.room,
    { content, username: who.name, user_id: who.wireId, metadata, message_id: id },
    who.name,
  );
