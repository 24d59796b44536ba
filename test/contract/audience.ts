/** A listener on every socket of every dialect, and everything that they can hear happening. */
import { type Client, connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import type { StartedServer, User } from "../support/server.ts";
import type { Channel } from "./messages.ts";
import { ADMIN, ALICE, BOB } from "./story.ts";

/** Somebody on one socket; `resumes` where it was opened with a cursor. */
export interface Listener {
  readonly channel: Channel;
  readonly client: Client;
  readonly resumes: boolean;
}

const DIARIST: User = { id: "123456789" };

/** What is said on arrival. */
const ARRIVAL: Readonly<Record<string, readonly unknown[]>> = {
  "chat.connect": ["project:789", "channel:9", "task:456", "task:457"].map((room) => ({
    type: "join_room",
    room,
  })),
  "notifier.connect": ["project_789", "channel_9", "task_456"].map((room) => ({ type: "join_room", room })),
  "native.stream": [
    { type: "subscribe", data: { topics: ["workspace:789", "channel:9", "focus:focus-123"] } },
  ],
};

/** alice on every socket, with and without a cursor. */
export async function gather(
  server: StartedServer,
  channels: readonly Channel[],
): Promise<readonly Listener[]> {
  const listeners: Listener[] = [];
  for (const channel of channels) {
    for (const resumes of [false, true]) {
      const as = channel.dialect === "diary" ? DIARIST : ALICE;
      const client = await connect(server, channel.path, { as, query: resumes ? { last_event_id: 0 } : {} });
      for (const frame of ARRIVAL[channel.key] ?? []) client.send(frame);
      await client.drain();
      listeners.push({ channel, client, resumes });
    }
  }
  return listeners;
}

/** An admin who hears every event with its id and its kind. */
export async function witness(server: StartedServer): Promise<Client> {
  const client = await connect(server, "/api/v1/stream", { as: ADMIN, query: { last_event_id: 0 } });
  await client.next("resumed");
  client.send({ type: "subscribe", id: "all", data: { topics: ["*"], last_event_id: 0 } });
  await client.next("resumed");
  return client;
}

/** Everything that a dialect has a frame for. */
export async function happen(server: StartedServer, listeners: readonly Listener[]): Promise<void> {
  await workspaces(server);
  await tasks(server);
  await notices(server);
  await focus(server, listeners);
  await conversations(server, listeners);
  await http(server, ALICE).post("/api/v1/workspaces/789/archive");
  for (const { client } of listeners) await client.drain();
}

async function workspaces(server: StartedServer): Promise<void> {
  const { post, patch, put, delete: remove } = http(server, ALICE);
  await http(server, BOB).get("/api/v1/workspaces");
  await post("/api/v1/workspaces", { id: 789, name: "Web site" });
  await post("/api/v1/workspaces", { id: 790, name: "Mobile app" });
  await patch("/api/v1/workspaces/789", { name: "Website" });
  await put("/api/v1/workspaces/789/members/103");
  await remove("/api/v1/workspaces/789/members/103");
  await put("/api/v1/workspaces/789/members/102");
  await put("/api/v1/rooms/channel:9", { workspace_id: 789 });
  await put("/api/v1/rooms/channel:9", { workspace_id: 790 });
}

async function tasks(server: StartedServer): Promise<void> {
  const { post, patch, delete: remove } = http(server, ALICE);
  await post("/api/v1/workspaces/789/tasks", { id: 456, title: "Proposal", user_id: 102 });
  await patch("/api/v1/tasks/456", { title: "Project Proposal", user_id: 101, status: "in_progress" });
  await post("/api/v1/tasks/456/complete");
  await remove("/api/v1/tasks/456");
  await post("/api/v1/workspaces/789/tasks", { id: 457, title: "Launch" });
  // One change of everything.
  await patch("/api/v1/tasks/457", { title: "The launch", user_id: 102, status: "completed" });
  await post("/api/v1/realtime/events/task", {
    task_id: 9,
    title: "Theirs",
    action: "completed",
    workspace_id: 789,
  });
}

async function notices(server: StartedServer): Promise<void> {
  const { post } = http(server, "key");
  const notice = { message: "Deployed", level: "success", data: { version: "1.4" }, link: "/releases" };
  const { body } = await post("/api/v1/notify/users/101", notice);
  await post("/api/v1/notify/users/123456789", notice);
  await post("/api/v1/notify/rooms/user_101", { message: "You have a new message" });
  await post("/api/v1/notify/rooms/channel_9", { message: "New screening result available" });
  await post("/api/v1/notify/broadcast", { message: "System maintenance", level: "warning" });
  const event = { workspace_id: 789, title: "Workspace Update", content: "It has been updated." };
  await http(server, BOB).post("/api/v1/realtime/events/workspace", event);
  const { notification_id } = body as { notification_id: number };
  await http(server, ALICE).post(`/api/v1/notifications/${notification_id}/read`);
  await http(server, ALICE).delete(`/api/v1/notifications/${notification_id}`);
}

const on = (listeners: readonly Listener[], key: string): Client => {
  const found = listeners.find(({ channel, resumes }) => channel.key === key && !resumes);
  if (found === undefined) throw new Error(`nobody listens on ${key}`);
  return found.client;
};

async function focus(server: StartedServer, listeners: readonly Listener[]): Promise<void> {
  const { post, patch, put, delete: remove } = http(server, ALICE);
  await post("/api/v1/focus-sessions", { id: "focus-123", title: "Morning" });
  await patch("/api/v1/focus-sessions/focus-123", { status: "break" });
  await put("/api/v1/focus-sessions/focus-123/participants/102");
  await remove("/api/v1/focus-sessions/focus-123/participants/102");
  const bob = await connect(server, "/ws/focus-session/focus-123", { as: BOB });
  bob.send({ action: "start_timer", minutes: 25 });
  await bob.next({ data: { action: "start_timer" } });
  await bob.close();
  const v1 = on(listeners, "onetask-v1.focus");
  v1.send({ action: "note", data: { text: "Five more minutes" } });
  await v1.next({ action: "note" });
}

/** What is said on the sockets themselves. */
async function conversations(server: StartedServer, listeners: readonly Listener[]): Promise<void> {
  const token = server.token(ALICE);
  const chat = on(listeners, "chat.connect");
  chat.send({ type: "send_message", room: "channel:9", data: { content: "Helo" } });
  const { message_id } = (await chat.next("message")).data;
  for (const frame of [
    { type: "edit_message", data: { message_id, content: "Hello" } },
    { type: "delete_message", data: { message_id } },
    { type: "leave_room", room: "channel:9" },
    { type: "send_message", room: "channel:9", data: { content: "Nobody hears" } },
    { type: "refresh", data: { token } },
    { type: "ping" },
  ])
    chat.send(frame);
  await chat.next("pong");

  const notifier = on(listeners, "notifier.connect");
  for (const frame of [
    { type: "text", data: "Hello" },
    { type: "room_message", room: "channel_9", data: "Hello everyone" },
    { type: "broadcast", data: "Lunch is ready" },
    { type: "join_room" },
    { type: "leave_room", room: "channel_9" },
  ])
    notifier.send(frame);
  await notifier.next({ message: "Left room: channel_9" });

  const native = on(listeners, "native.stream");
  for (const frame of [
    { type: "publish", data: { topic: "channel:9", content: "Hello" } },
    { type: "refresh", data: { token } },
    { type: "shout" },
    { type: "unsubscribe", data: { topics: ["channel:9"] } },
    { type: "ping" },
  ])
    native.send(frame);
  await native.next("pong");

  const leaving = await connect(server, "/api/v1/ws/connect", { as: BOB });
  leaving.send({ type: "join_room", room: "channel:9" });
  await leaving.next("user_joined");
  await leaving.close();
}
