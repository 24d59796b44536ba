/** A server with people in it, for pictures: who connects, what they say, what is told to them. */
import type { TestServer } from "../src/app/dragoman.ts";

interface Person {
  readonly id: string;
  readonly username: string;
}

const PEOPLE: readonly Person[] = [
  "alice",
  "bob",
  "carol",
  "dinesh",
  "elena",
  "farid",
  "grace",
  "hiro",
  "ines",
  "jonas",
].map((username, place) => ({ id: String(101 + place), username }));

const CHAT = "/api/v1/ws/connect";
const PATHS = [
  CHAT,
  "/ws/notifications",
  "/api/v1/ws",
  "/api/v1/stream",
  "/ws/tasks/789",
  "/api/v1/ws/notifications",
  "/ws/focus-session/sprint-42",
] as const;

const TALK = [
  "The build is green again.",
  "Who takes the release notes?",
  "I do. Draft by noon.",
  "Latency on the second node is back to normal.",
  "Good. I close the incident, then.",
  "Standup in five minutes.",
];

const TASKS = ["Write the report", "Rotate the keys", "Review the migration", "Update the runbook"];

const EVERY_MS = 130;
/** Until the drawings have something to draw. */
const WARM_UP_MS = 45_000;

/** Ends what goes on. */
export interface Story {
  end(): Promise<void>;
}

/** Connects everybody and keeps them talking; resolves when there is something to see. */
export async function fillServer(server: TestServer): Promise<Story> {
  const { url, wsUrl } = server;
  const tokens = new Map(PEOPLE.map((person) => [person.id, server.token(person)]));
  const admin = server.token({ id: "1", username: "root", claims: { role: "admin" } });
  const token = (id: string): string => tokens.get(id) ?? admin;

  const send = async (method: string, path: string, body?: unknown, proof = admin): Promise<void> => {
    await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${proof}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };

  await send("POST", "/workspaces", { id: 789, name: "Demo" });
  await send("PUT", "/rooms/channel:1", { workspace_id: 789 });
  await send("PUT", "/rooms/channel:2", { workspace_id: 789 });
  for (const { id } of PEOPLE) await send("PUT", `/workspaces/789/members/${id}`);
  await send("POST", "/admin/keys", { name: "billing-backend" });
  await send("POST", "/admin/keys", { name: "mobile-push" });

  const sockets = PEOPLE.flatMap(({ id }, place) =>
    [PATHS[place % PATHS.length], place % 2 === 0 ? CHAT : "/api/v1/ws"].map((path) =>
      open(`${wsUrl}${path}?token=${token(id)}&last_event_id=latest`),
    ),
  );
  const chats = (await Promise.all(sockets)).filter((socket) => socket.url.includes(CHAT));
  for (const socket of chats)
    for (const room of ["channel:1", "channel:2", "project:789"]) say(socket, { type: "join_room", room });

  let turn = 0;
  const step = async (): Promise<void> => {
    turn++;
    // Livelier and quieter by turns, as people are.
    if (Math.sin(turn / 23) + Math.sin(turn / 7) < -0.6) return;
    const speaker = chats[turn % chats.length];
    if (speaker !== undefined)
      say(speaker, {
        type: "send_message",
        room: turn % 3 === 0 ? "channel:2" : "channel:1",
        data: { content: TALK[turn % TALK.length] },
      });
    if (turn % 5 === 0) await tellTask(turn);
    if (turn % 9 === 0)
      await send("POST", `/notify/users/${101 + (turn % 4)}`, {
        title: "Export ready",
        message: "Your export of October is ready to download.",
        level: turn % 2 === 0 ? "success" : "info",
        link: "https://example.com/exports/8812",
      });
  };
  const tellTask = (turn: number): Promise<void> =>
    send("POST", "/realtime/events/task", {
      task_id: 450 + (turn % 7),
      title: TASKS[turn % TASKS.length],
      action: turn % 3 === 0 ? "completed" : "updated",
      workspace_id: 789,
      target_user_ids: [101, 102],
    });

  // Refusals and closes for the security log.
  await fetch(`${url}/api/v1/notifications`, { headers: { authorization: "Bearer a.b.c" } });
  const refused = await open(`${wsUrl}${CHAT}?token=${token("104")}`);
  const expiring = await open(
    `${wsUrl}${CHAT}?token=${server.token({ id: "105", username: "elena", ttlSeconds: 1 })}`,
  );
  await send("POST", "/notify/users/101", {
    title: "Payment failed",
    message: "The card ending in 4242 was declined. Update it to keep the plan.",
    level: "error",
    data: { invoice: "INV-2291", attempts: 2 },
  });
  await closed(expiring);
  refused.close();

  await knock(`${wsUrl}${CHAT}?token=${token("106")}`);

  const timer = setInterval(() => void step(), EVERY_MS);
  await Bun.sleep(WARM_UP_MS);
  return {
    async end() {
      clearInterval(timer);
      for (const socket of await Promise.all(sockets)) socket.close();
    },
  };
}

const say = (socket: WebSocket, frame: unknown): void => socket.send(JSON.stringify(frame));

function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(socket));
    socket.addEventListener("error", () => reject(new Error(`refused: ${new URL(url).pathname}`)));
  });
}

/** A page of somebody else tries to connect: refused, and warned of. */
async function knock(url: string): Promise<void> {
  const Socket = WebSocket as unknown as new (url: string, options: Bun.WebSocketOptions) => WebSocket;
  const socket = new Socket(url, { headers: { origin: "https://elsewhere.example" } });
  await new Promise<void>((resolve) => socket.addEventListener("error", () => resolve()));
}

const closed = (socket: WebSocket): Promise<void> =>
  new Promise((resolve) => socket.addEventListener("close", () => resolve()));
