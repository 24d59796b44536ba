/** A workspace with everything in it, those who may know of it, and those who may not. */
import { type Client, connect } from "../support/client.ts";
import { type Asker, http } from "../support/http.ts";
import { chatIn } from "../support/people.ts";
import { NO_RATES, type StartedServer, startServer, type User } from "../support/server.ts";

export const OWNER: User = { id: 101, username: "owner" };
export const MEMBER: User = { id: 102, username: "member" };
/** A member until he is removed. */
export const FORMER: User = { id: 103, username: "former" };
export const STRANGER: User = { id: 666, username: "stranger" };
export const ADMIN: User = { id: 1, username: "root", claims: { role: "admin" } };

/** Everything that can be overheard. */
export const KINDS = [
  "channel",
  "workspace",
  "task",
  "notices",
  "members",
  "focus",
  "presence",
  "owner",
  "own",
  "free",
  "everyone",
] as const;
export type Kind = (typeof KINDS)[number];
/** Before anybody listens, while the former member is one, and after. */
export type Phase = "history" | "before" | "after";

const marker = (kind: Kind | `own-${string}`, phase: Phase): string => `s3cret:${kind}:${phase}`;

/** What of it a text tells; of what is one's own only to whom it belongs. */
export function overheard(text: string, ownId: string): { readonly kind: Kind; readonly phase: Phase }[] {
  const found = [...text.matchAll(/s3cret:([a-z]+)(?:-(\w+))?:(history|before|after)/g)].map(
    ([, kind = "", id, phase]) => ({
      // Somebody else's own is as good as the owner's.
      kind: (kind === "own" && id !== ownId ? "owner" : kind) as Kind,
      phase: phase as Phase,
    }),
  );
  return [...new Map(found.map((one) => [`${one.kind} ${one.phase}`, one])).values()];
}

/** Closed as `serve` is, and the diary open, so that somebody without any proof can listen. */
export async function startScene(): Promise<StartedServer> {
  const server = await startServer({ ...CLOSED, diary: "open", announcements: "inbox" });
  await settle(server);
  await happen(server, "history");
  return server;
}

/** The same, closed altogether, when the former member is none any more. */
export async function startQuietScene(): Promise<StartedServer> {
  const server = await startServer({ ...CLOSED, diary: "token" });
  await settle(server);
  await tell(server, "before");
  await removeFormer(server);
  await tell(server, "after");
  return server;
}

const CLOSED = { ...NO_RATES, access: "members", forbiddenJoin: "error" } as const;

async function settle(server: StartedServer): Promise<void> {
  const owner = http(server, OWNER);
  await http(server, STRANGER).get("/api/v1/workspaces");
  await owner.post("/api/v1/workspaces", { id: 789, name: marker("workspace", "before") });
  for (const { id } of [MEMBER, FORMER]) await owner.put(`/api/v1/workspaces/789/members/${id}`);
  await owner.put("/api/v1/rooms/channel:9", { workspace_id: 789 });
  await owner.post("/api/v1/focus-sessions", {
    id: "focus-123",
    title: marker("focus", "before"),
    workspace_id: 789,
  });
  await owner.post("/api/v1/workspaces/789/tasks", { id: 456, title: "Proposal" });
}

/** Something of every kind. */
export async function happen(server: StartedServer, phase: Phase): Promise<void> {
  await tell(server, phase);
  await converse(server, phase);
  await http(server, "key").post("/api/v1/notify/broadcast", { message: marker("everyone", phase) });
}

/** What is kept. */
async function tell(server: StartedServer, phase: Phase): Promise<void> {
  const owner = http(server, OWNER);
  const backend = http(server, "key");
  await backend.post(`/api/v1/notify/users/${OWNER.id}`, { message: marker("owner", phase) });
  for (const { id } of [MEMBER, FORMER, STRANGER, ADMIN])
    await backend.post(`/api/v1/notify/users/${id}`, { message: marker(`own-${id}`, phase) });
  await owner.post("/api/v1/rooms/channel:9/messages", { content: marker("channel", phase) });
  await backend.post("/api/v1/notify/rooms/channel_9", { message: marker("notices", phase) });
  await owner.post("/api/v1/workspaces/789/tasks", { title: marker("workspace", phase) });
  await backend.post("/api/v1/notify/rooms/project_789", { message: marker("notices", phase) });
  await owner.patch("/api/v1/tasks/456", { title: marker("task", phase) });
  await backend.post("/api/v1/notify/rooms/task_456", { message: marker("notices", phase) });
  const event = { workspace_id: 789, title: "News", content: marker("members", phase) };
  await owner.post("/api/v1/realtime/events/workspace", event);
  await owner.post("/api/v1/rooms/lobby/messages", { content: marker("free", phase) });
}

/** What is said and seen on sockets only. */
async function converse(server: StartedServer, phase: Phase): Promise<void> {
  const session = await connect(server, "/ws/focus-session/focus-123", { as: OWNER });
  session.send({ note: marker("focus", phase) });
  await session.next({ data: { note: marker("focus", phase) } });
  await session.close();
  // A name that only those hear who are in the room when its owner comes and goes.
  const visitor: User = { id: OWNER.id, username: marker("presence", phase) };
  const visit = await chatIn(server, visitor, ["channel:9", "project:789"]);
  await visit.close();
}

/** The workspace knows him no more. */
export const removeFormer = async (server: StartedServer): Promise<void> =>
  void (await http(server, OWNER).delete(`/api/v1/workspaces/789/members/${FORMER.id}`));

/** Everything that a roaming socket can ask to hear, whether it may or not. */
const TOPICS = [
  "workspace:789",
  "channel:9",
  "task:456",
  "focus:focus-123",
  "room:lobby",
  `user:${OWNER.id}`,
  "*",
  "everyone",
];
const ROOMS = [
  "project:789",
  "channel:9",
  "task:456",
  `user:${OWNER.id}`,
  "focus:focus-123",
  "workspace:789",
];

const ASKS: Readonly<Record<string, readonly object[]>> = {
  chat: ROOMS.map((room) => ({ type: "join_room", room, data: { last_event_id: 0 } })),
  notifier: [...ROOMS.map((room) => room.replace(":", "_")), "lobby", "everyone", "*"].map((room) => ({
    type: "join_room",
    room,
    data: { last_event_id: 0 },
  })),
  native: TOPICS.map((topic) => ({ type: "subscribe", data: { topics: [topic], last_event_id: 0 } })),
};

/** On a socket with all of its past, having asked for everything; null where the door is shut. */
export async function enter(
  server: StartedServer,
  dialect: string,
  path: string,
  who: Asker,
): Promise<Client | null> {
  const proof =
    who === "nobody"
      ? {}
      : who === "key"
        ? { headers: { "x-api-key": "a-service-key-of-these-tests" } }
        : { as: who };
  const ownId = typeof who === "string" ? String(OWNER.id) : String(who.id);
  const named = path
    .replace(":workspace_id", "789")
    .replace(":session_id", "focus-123")
    .replace(":user_id", ownId);
  try {
    const client = await connect(server, named, { ...proof, query: { last_event_id: 0 } });
    for (const frame of ASKS[dialect] ?? []) client.send(frame);
    const never = (): false => false;
    const stays = await Promise.race([
      client.drain().then(() => true, never),
      client.closed().then(never, never),
    ]);
    return stays ? client : null;
  } catch {
    return null;
  }
}
