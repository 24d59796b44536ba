/** How the load speaks to the servers beside Dragoman. */
import { textFrame } from "../../src/cli/bench/frames.ts";
import { request } from "../../src/cli/bench/http.ts";
import type { Door } from "../../src/cli/bench/link.ts";
import type { Arrival, Subject } from "../../src/cli/bench/subject.ts";

interface Peer {
  readonly door: Door;
  readonly pid: number;
}

const json = (value: unknown): Uint8Array<ArrayBuffer> => textFrame(JSON.stringify(value));
const bare = (path: string): Arrival => ({ path, frames: [] });

/** As long as what Dragoman's listeners get, so that the kernel has as much to carry. */
const chatFrame = (room: number, content: string): string =>
  JSON.stringify({
    type: "message",
    room: `channel:${room}`,
    data: { content, metadata: {}, message_id: 1_795_000_000_000 },
    sender: { user_id: 1_000_000, username: "1000000" },
    timestamp: "2026-01-31T12:00:00.000Z",
  });

const noticeFrame = (text: string): string =>
  JSON.stringify({
    type: "notification",
    data: {
      id: 1_795_000_000_000,
      title: "Notification",
      content: text,
      created_at: "2026-01-31T12:00:00.000Z",
      read: false,
      related_entity_type: null,
      related_entity_id: null,
    },
  });

export const rawSubject = ({ door, pid }: Peer): Subject => ({
  name: "raw Bun",
  door,
  pid,
  listen: (room) => bare(`/room/channel:${room}`),
  say: (room, text) => textFrame(chatFrame(room, text)),
  ping: () => ({
    ...bare("/echo"),
    ping: json({
      type: "pong",
      data: { timestamp: "2026-01-31T12:00:00.000Z" },
      timestamp: "2026-01-31T12:00:00.000Z",
    }),
  }),
  personal: (user, cursor) => bare(`/room/user/${user}${cursor === undefined ? "" : "?greet"}`),
  notify: (user, text) => request("POST", `/tell/user/${user}`, {}, noticeFrame(text)),
  mixed: () => bare("/room/everybody"),
  broadcast: (text) => request("POST", "/tell/everybody", {}, noticeFrame(text)),
});

export const wsSubject = ({ door, pid }: Peer): Subject => ({
  name: "ws on Node",
  door,
  pid,
  listen: (room) => ({ path: "/", frames: [json({ type: "join", room: `channel:${room}` })] }),
  say: (room, text) => textFrame(chatFrame(room, text)),
  ping: () => ({ ...bare("/"), ping: json({ type: "ping" }) }),
  personal: (user, cursor) => (cursor === undefined ? bare(`/user/${user}`) : null),
  notify: (user, text) => request("POST", `/tell/user/${user}`, {}, JSON.stringify({ message: text })),
});

const PROTOCOL = "/socket.io/?EIO=4&transport=websocket";
const HELLO = textFrame("40");
const PONG = textFrame("3");
const PING_BYTE = "2".charCodeAt(0);

export const socketIoSubject = ({ door, pid }: Peer): Subject => ({
  name: "Socket.IO on Node",
  door,
  pid,
  listen: (room) => ({ path: PROTOCOL, frames: [HELLO, textFrame(`42["join","channel:${room}"]`)] }),
  say: (room, text) => textFrame(`42["message",${chatFrame(room, text)}]`),
  ping: () => ({ path: PROTOCOL, frames: [HELLO], ping: textFrame(`42["ask"]`) }),
  personal: (user, cursor) =>
    cursor === undefined ? { path: `${PROTOCOL}&user=${user}`, frames: [HELLO] } : null,
  notify: (user, text) => request("POST", `/tell/user/${user}`, {}, JSON.stringify({ message: text })),
  beat: (payload) => (payload.length === 1 && payload[0] === PING_BYTE ? PONG : null),
});
