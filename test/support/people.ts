/** Clients of each dialect, as far in as stories begin. */
import { type Client, type ConnectOptions, connect, type Door } from "./client.ts";
import type { User } from "./server.ts";

export const ADMIN: User = { id: 1, username: "root", claims: { role: "admin" } };
export const ALICE: User = { id: 12345, username: "alice" };
export const BOB: User = { id: 67890, username: "bob" };
export const CAROL: User = { id: 555, username: "carol" };

/** Where each socket is, with an id where the path has one. */
export const PATHS = {
  notifications: "/ws/notifications",
  tasks: "/ws/tasks/789",
  focus: "/ws/focus-session/s1",
  v1Notifications: "/api/v1/ws/notifications",
  v1Tasks: "/api/v1/ws/workspaces/789/tasks",
  v1Focus: "/api/v1/ws/focus-sessions/s1",
  chat: "/api/v1/ws/connect",
  notifier: "/api/v1/ws",
  native: "/api/v1/stream",
} as const;

export const diaryPath = (user: User): string => `/api/v1/ws/${user.id}`;

/** In the rooms, everything up to the user's own last join read. */
export async function chatIn(
  server: Door,
  user: User,
  rooms: readonly string[] = [],
  options: ConnectOptions = {},
): Promise<Client> {
  const client = await connect(server, PATHS.chat, { as: user, ...options });
  await client.next("connected");
  for (const room of rooms) {
    client.send({ type: "join_room", room });
    await client.next({ type: "user_joined", room });
  }
  return client;
}

export async function notifierIn(
  server: Door,
  user: User,
  rooms: readonly string[] = [],
  options: ConnectOptions = {},
): Promise<Client> {
  const client = await connect(server, PATHS.notifier, { as: user, ...options });
  await client.next("info");
  for (const room of rooms) {
    client.send({ type: "join_room", room });
    await client.next({ message: `Joined room: ${room}` });
  }
  return client;
}

/** Subscribed; his own joins, which he hears too, are read. */
export async function nativeIn(
  server: Door,
  user: User,
  topics: readonly string[] = [],
  options: ConnectOptions = {},
): Promise<Client> {
  const client = await connect(server, PATHS.native, { as: user, ...options });
  await client.next("welcome");
  if (topics.length > 0) {
    client.send({ type: "subscribe", id: "in", data: { topics } });
    await client.next({ type: "reply", to: "in" });
    await client.drain();
  }
  return client;
}
