/** Who says something is written by the server: no field of a body, a frame or an address changes it. */
import { expect, test } from "bun:test";
import { operationsOf, requestsOf, sent } from "../contract/operations.ts";
import type { Document } from "../contract/schemas.ts";
import { DIALECTS } from "../../src/dialects/all.ts";
import { type Client, connect } from "../support/client.ts";
import { http } from "../support/http.ts";
import { chatIn, nativeIn, notifierIn } from "../support/people.ts";
import type { StartedServer } from "../support/server.ts";
import { ADMIN, enter, MEMBER, OWNER, startScene } from "./isolation-scene.ts";

const FORGED = "f0rged";
const NAMES = [
  "sender",
  "sender_id",
  "sender_name",
  "from",
  "from_user_id",
  "username",
  "author",
  "author_id",
  "actor",
  "actor_id",
  "assigned_by",
  "creator",
  "created_by",
  "owner_id",
  "user",
  "principal",
  "who",
  "role",
  "admin",
  "is_superuser",
  "sub",
  "event_id",
  "message_id",
  "notification_id",
  "created_at",
  "timestamp",
] as const;

/** What a member would say of himself if he were listened to. */
const claims = (taken: object = {}): Record<string, unknown> =>
  Object.fromEntries(NAMES.filter((name) => !Object.hasOwn(taken, name)).map((name) => [name, FORGED]));

/** Somebody on every kind of socket who hears the whole workspace. */
async function listeners(server: StartedServer): Promise<Client[]> {
  const all = [
    await nativeIn(server, ADMIN, ["*"]),
    await chatIn(server, OWNER, ["project:789", "channel:9", "task:456"]),
    await notifierIn(server, OWNER, ["project_789", "channel_9", "task_456"]),
    await connect(server, "/ws/notifications", { as: OWNER }),
    await connect(server, "/ws/tasks/789", { as: OWNER }),
    await connect(server, "/api/v1/ws/notifications", { as: OWNER }),
    await connect(server, "/api/v1/ws/workspaces/789/tasks", { as: OWNER }),
    await connect(server, `/api/v1/ws/${OWNER.id}`, { as: OWNER }),
  ];
  for (const client of all) {
    await client.drain();
    client.received.length = 0;
  }
  return all;
}

/** Every value that stands, however deep, where a name says who did it. */
function authorsIn(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (AUTHOR.test(name) ? [inner] : authorsIn(inner)));
}

const AUTHOR = /^(?:sender(?:_id)?|actor|actor_id|from_user_id|assigned_by|username)$/;

const isMembers = (author: unknown): boolean => {
  const id = typeof author === "object" && author !== null && "id" in author ? author.id : author;
  return id === null || id === MEMBER.id || id === MEMBER.username || id === "system";
};

test("over HTTP, in every body and address", async () => {
  await using server = await startScene();
  const document = (await http(server).get("/openapi.json")).body as Document;
  const heard = await listeners(server);
  for (const operation of operationsOf(document).filter((one) => one.method !== "GET" && one.body !== null)) {
    for (const request of requestsOf(operation)) {
      const body = { ...claims(request.body as object), ...(request.body as object) };
      const query = { ...request.query, user_id: FORGED, sender: FORGED, as: FORGED };
      const headers = { "x-user-id": FORGED, "x-forwarded-user": FORGED, "x-remote-user": FORGED };
      const answer = await sent(server, MEMBER, operation, { ...request, body, query, headers });
      expect([operation.operationId, answer.status < 500]).toEqual([operation.operationId, true]);
      expect(JSON.stringify(answer.body ?? "")).not.toContain(FORGED);
    }
  }
  for (const client of heard) {
    await client.drain();
    expect(JSON.stringify(client.received)).not.toContain(FORGED);
  }
  const told = heard[0]!.received.filter(({ type }) => type === "event");
  expect(told.length).toBeGreaterThan(5);
  expect(authorsIn(told).filter((author) => !isMembers(author))).toEqual([]);
});

test("in frames of every dialect, at their top and in their data", async () => {
  await using server = await startScene();
  const heard = await listeners(server);
  for (const { name, sockets, docs } of DIALECTS) {
    for (const at of sockets) {
      // What is said in a focus session is told as it is; who says it is looked at below.
      if (at.name === "focus") continue;
      const client = await enter(server, name, at.path, MEMBER);
      if (client === null) throw new Error(`${name} ${at.name} refuses a member`);
      const frames = Object.values(docs.client).flatMap(({ examples }) => examples) as { data?: unknown }[];
      for (const frame of frames) {
        const data = typeof frame.data === "object" && frame.data !== null ? frame.data : {};
        client.send({ ...claims(frame), ...frame });
        client.send({ ...claims(frame), ...frame, data: { ...claims(data), ...data } });
      }
      await client.drain();
    }
  }
  for (const client of heard) {
    await client.drain();
    // What is said is the sender's to say, and stands apart.
    const said = /^(?:metadata|message|content|new_content)$/;
    const told = JSON.stringify(client.received, (key, value: unknown) => (said.test(key) ? "" : value));
    expect(told).not.toContain(FORGED);
    expect(authorsIn(client.received).filter((author) => !isMembers(author))).toEqual([]);
  }
});

test("in focus sessions: whatever is said, the sender is who said it", async () => {
  await using server = await startScene();
  const old = await connect(server, "/ws/focus-session/focus-123", { as: OWNER });
  const young = await connect(server, "/api/v1/ws/focus-sessions/focus-123", { as: OWNER });
  for (const path of ["/ws/focus-session/focus-123", "/api/v1/ws/focus-sessions/focus-123"]) {
    const member = await connect(server, path, { as: MEMBER });
    await old.next({ data: { action: "participant_joined" } });
    await young.next({ action: "participant_joined" });
    member.send({
      ...claims(),
      action: "note",
      session_id: FORGED,
      user_id: OWNER.id,
      type: FORGED,
      data: claims(),
    });
    expect(await old.next()).toMatchObject({
      type: "focus_session_update",
      session_id: "focus-123",
      sender_id: MEMBER.id,
    });
    expect(await young.next()).toMatchObject({
      type: "focus_update",
      action: "note",
      data: { session_id: "focus-123", user: { id: MEMBER.id, username: MEMBER.username } },
    });
    await member.close();
    await old.next({ data: { action: "participant_left" } });
    await young.next({ action: "participant_left" });
  }
});
