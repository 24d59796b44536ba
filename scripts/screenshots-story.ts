/** A server with people in it, for pictures: who connects, what they say, what is told to them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestServer } from "../src/app/dragoman.ts";
import { NOTICES, PEOPLE, type Person, ROOMS, TASKS } from "./screenshots-cast.ts";

const EVERY_MS = 120;
/** One more socket each time, until all are there. */
const ARRIVAL_MS = 1400;
/** Until the drawings of the last minute have something to draw all along. */
const WARM_UP_MS = 66_000;

/** Settings of a server that the story is played on. */
export const STAGE = {
  corsOrigins: ["https://app.example.com"],
  trustedProxies: ["127.0.0.1"],
  maxConnectionsPerUser: 8,
} as const;

/** On a disk, so that commits take what they take there. Gone after `using`. */
export function storeFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), "dragoman-story-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Ends what goes on. */
export interface Story {
  end(): Promise<void>;
}

interface Chat {
  readonly socket: WebSocket;
  readonly rooms: readonly number[];
}

/** Connects everybody and keeps them talking; resolves when there is something to see. */
export async function fillServer(server: TestServer): Promise<Story> {
  const send = senderOf(server);
  await furnish(send);

  const sockets: WebSocket[] = [];
  const chats: Chat[] = [];
  const arrive = async (person: Person, path: string): Promise<void> => {
    const socket = await open(server, person, path);
    sockets.push(socket);
    if (!path.endsWith("/connect")) return;
    const rooms = ROOMS.flatMap((_, place) => ((Number(person.id) + place) % 3 === 0 ? [] : [place]));
    for (const place of rooms) say(socket, { type: "join_room", room: ROOMS[place]?.[0] });
    chats.push({ socket, rooms });
  };
  const arrivals = PEOPLE.flatMap((person) => person.paths.map((path) => ({ person, path })));
  for (const { person, path } of arrivals.splice(0, 8)) await arrive(person, path);

  const speak = speakerOf(chats);
  let turn = 0;
  const talking = setInterval(() => {
    turn++;
    // Livelier and quieter by turns, as people are, and never still.
    if (turn % (Math.sin(turn / 41) + Math.sin(turn / 13) < -0.5 ? 4 : 1) === 0) speak(turn);
    if (turn % 11 === 0) void tell(send, turn);
  }, EVERY_MS);
  const arriving = setInterval(() => {
    const next = arrivals.shift();
    if (next !== undefined) void arrive(next.person, next.path);
  }, ARRIVAL_MS);

  await mishaps(server);
  await Bun.sleep(WARM_UP_MS);
  return {
    async end() {
      clearInterval(talking);
      clearInterval(arriving);
      for (const socket of sockets) socket.close();
    },
  };
}

type Send = (method: string, path: string, body?: unknown) => Promise<void>;

function senderOf(server: TestServer): Send {
  const admin = server.token({ id: "1", username: "backend", claims: { role: "admin" } });
  return async (method, path, body) => {
    await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${admin}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };
}

async function furnish(send: Send): Promise<void> {
  await send("POST", "/workspaces", { id: 789, name: "Atlas" });
  await send("POST", "/workspaces", { id: 790, name: "Support" });
  for (const [room, workspace] of ROOMS)
    if (workspace !== null) await send("PUT", `/rooms/${room}`, { workspace_id: workspace });
  for (const { id } of PEOPLE)
    for (const workspace of Number(id) % 3 === 0 ? [789] : [789, 790])
      await send("PUT", `/workspaces/${workspace}/members/${id}`, id === "101" ? { role: "admin" } : {});
  for (const name of ["billing-backend", "mobile-push", "nightly-import"])
    await send("POST", "/admin/keys", { name });
  await send("POST", "/notify/users/101", {
    title: "Payment failed",
    message: "The card ending in 4242 was declined. Update it to keep the plan.",
    level: "error",
    data: { invoice: "INV-2291", attempts: 2 },
  });
}

/** Somebody says in one of his rooms what comes next there. */
function speakerOf(chats: readonly Chat[]): (turn: number) => void {
  const said = new Map<number, number>();
  return (turn) => {
    const chat = chats[(turn * 7) % chats.length];
    const place = chat?.rooms[turn % chat.rooms.length];
    const [room, , talk] = ROOMS[place ?? -1] ?? [];
    if (chat === undefined || place === undefined || talk === undefined) return;
    const count = said.get(place) ?? 0;
    said.set(place, count + 1);
    say(chat.socket, { type: "send_message", room, data: { content: talk[count % talk.length] } });
  };
}

async function tell(send: Send, turn: number): Promise<void> {
  if (turn % 2 === 0)
    return send("POST", `/notify/users/${101 + (turn % 5)}`, NOTICES[(turn >> 1) % NOTICES.length]);
  await send("POST", "/realtime/events/task", {
    task_id: 450 + (turn % 7),
    title: TASKS[turn % TASKS.length],
    action: turn % 3 === 0 ? "completed" : "updated",
    workspace_id: turn % 5 === 0 ? 790 : 789,
    target_user_ids: turn % 33 === 0 ? [101, 102] : [],
  });
}

/** What a security log lives from. */
async function mishaps(server: TestServer): Promise<void> {
  const [alice, , , , elena, farid] = PEOPLE;
  if (alice === undefined || elena === undefined || farid === undefined) return;
  await fetch(`${server.url}/api/v1/notifications`, {
    headers: { authorization: "Bearer a.b.c", "x-forwarded-for": "198.51.100.200" },
  });
  const expiring = await open(server, { ...elena, address: "84.17.44.12" }, "/api/v1/ws/connect", 1);
  await new Promise<void>((resolve) => expiring.addEventListener("close", () => resolve()));
  await open(server, farid, "/api/v1/ws/connect", 3600, "https://elsewhere.example").catch(() => {});
  const leaving = await open(server, alice, "/api/v1/stream");
  leaving.close(1000, "");
}

const say = (socket: WebSocket, frame: unknown): void => socket.send(JSON.stringify(frame));

function open(
  server: TestServer,
  { id, username, address }: Person,
  path: string,
  ttlSeconds = 3600,
  origin = "https://app.example.com",
): Promise<WebSocket> {
  const token = server.token({ id, username, ttlSeconds });
  const Socket = WebSocket as unknown as new (url: string, options: Bun.WebSocketOptions) => WebSocket;
  const socket = new Socket(`${server.wsUrl}${path}?token=${token}&last_event_id=latest`, {
    headers: { origin, "x-forwarded-for": address },
  });
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(socket));
    socket.addEventListener("error", () => reject(new Error(`refused: ${path}`)));
  });
}
