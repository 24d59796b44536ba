/** Nobody gets into what others use by giving its name to something of his own. */
import { describe, expect, test } from "bun:test";
import { type Answer, http, type Requests } from "../support/http.ts";
import { ADMIN, ALICE, chatIn } from "../support/people.ts";
import { NO_RATES, startServer, type User } from "../support/server.ts";

const MALLORY: User = { id: 666, username: "mallory" };

/** Each thing that a user may name, in a workspace of his own, and the room that it opens to him. */
const NAMED: readonly {
  readonly what: string;
  readonly room: string;
  readonly name: (who: Requests, own: string) => Promise<Answer>;
}[] = [
  {
    what: "a workspace",
    room: "project:789",
    name: (who) => who.post("/api/v1/workspaces", { id: 789, name: "Mine" }),
  },
  {
    what: "a task",
    room: "task:7",
    name: (who, own) => who.post(`/api/v1/workspaces/${own}/tasks`, { id: 7, title: "Mine" }),
  },
  {
    what: "a room",
    room: "channel:9",
    name: (who, own) => who.put("/api/v1/rooms/channel:9", { workspace_id: own }),
  },
  {
    what: "a session",
    room: "focus:s1",
    name: (who) => who.post("/api/v1/focus-sessions", { id: "s1" }),
  },
];

const closed = { ...NO_RATES, access: "members" } as const;

/** The id of a workspace that the server has named for him. */
async function ownOf(who: Requests): Promise<string> {
  const { status, body } = await who.post("/api/v1/workspaces", { name: "Own" });
  expect(status).toBe(201);
  return String((body as { id: number }).id);
}

describe.each([...NAMED])("the name of $what", ({ room, name }) => {
  const history = `/api/v1/rooms/${room}/messages`;

  test("is anybody's while nobody has heard of it", async () => {
    await using server = await startServer(closed);
    const mallory = http(server, MALLORY);
    expect((await name(mallory, await ownOf(mallory))).status).toBeOneOf([200, 201]);
    expect((await mallory.get(history)).status).toBe(200);
  });

  test("is not to be had where something was said to those whose tokens open it", async () => {
    await using server = await startServer(closed);
    const granted = http(server, { ...ALICE, claims: { rooms: [room] } });
    expect((await granted.post(history, { content: "psst" })).status).toBe(201);
    const mallory = http(server, MALLORY);
    expect((await name(mallory, await ownOf(mallory))).status).toBe(409);
    expect((await mallory.get(history)).status).toBe(403);
  });

  test("is not to be had where somebody is now, but by him who is", async () => {
    await using server = await startServer(closed);
    const granted: User = { ...ALICE, claims: { rooms: [room] } };
    const mallory = http(server, MALLORY);
    const own = await ownOf(mallory);
    const stream = await fetch(`${server.url}/api/v1/events?topics=${room}&token=${server.token(granted)}`);
    expect((await name(mallory, own)).status).toBe(409);
    expect((await mallory.get(history)).status).toBe(403);
    const alice = http(server, granted);
    expect((await name(alice, await ownOf(alice))).status).toBeOneOf([200, 201]);
    await stream.body?.cancel();
  });

  test("is not his whose token lists what it opens, be it nothing", async () => {
    await using server = await startServer(closed);
    for (const claims of [{ rooms: [] }, { rooms: ["channel:1"], workspaces: [1] }]) {
      const mallory = http(server, { ...MALLORY, claims });
      expect((await name(mallory, await ownOf(mallory))).status).toBe(403);
      expect((await mallory.get(history)).status).toBe(403);
    }
    const named = http(server, { ...ALICE, claims: { rooms: [room] } });
    expect((await name(named, await ownOf(named))).status).toBeOneOf([200, 201]);
  });

  test("is his to whom the webhook opens it", async () => {
    using backend = Bun.serve({
      port: 0,
      fetch: async (request) =>
        Response.json({ allow: ((await request.json()) as { user_id: number }).user_id === ALICE.id }),
    });
    await using server = await startServer({ ...closed, accessWebhookUrl: backend.url.href });
    const mallory = http(server, MALLORY);
    expect((await name(mallory, await ownOf(mallory))).status).toBe(403);
    const alice = http(server, ALICE);
    expect((await name(alice, await ownOf(alice))).status).toBeOneOf([200, 201]);
  });

  test("is every admin's to give", async () => {
    await using server = await startServer(closed);
    await http(server, { ...ALICE, claims: { rooms: [room] } }).post(history, { content: "psst" });
    const admin = http(server, { ...ADMIN, claims: { role: "admin", rooms: [] } });
    expect((await name(admin, await ownOf(admin))).status).toBeOneOf([200, 201]);
  });
});

test("a token that lists workspaces only says nothing of tasks and rooms", async () => {
  await using server = await startServer(closed);
  await http(server, "key").post("/api/v1/workspaces", { id: 789, name: "Website" });
  const member = http(server, { ...ALICE, claims: { workspaces: [789] } });
  expect((await member.post("/api/v1/workspaces/789/tasks", { id: 7, title: "Proposal" })).status).toBe(201);
  expect((await member.post("/api/v1/workspaces", { id: 790, name: "Mine" })).status).toBe(403);
});

test("who may enter a room by its new name hears nothing of what others said before", async () => {
  await using server = await startServer(closed);
  const granted: User = { ...ALICE, claims: { rooms: ["channel:9"] } };
  const alice = await chatIn(server, granted, ["channel:9"]);
  const mallory = http(server, MALLORY);
  const own = await ownOf(mallory);
  expect((await mallory.put("/api/v1/rooms/channel:9", { workspace_id: own })).status).toBe(409);
  const outsider = await chatIn(server, MALLORY);
  outsider.send({ type: "join_room", room: "channel:9" });
  expect((await outsider.closed()).code).toBe(4403);
  await alice.close();
});
