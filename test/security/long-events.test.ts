/** However long what somebody stores is, it costs the others neither memory nor time without bounds. */
import { describe, expect, test } from "bun:test";
import type { Publication } from "../../src/core/event.ts";
import { Ring } from "../../src/hub/ring.ts";
import { connect } from "../support/client.ts";
import { http, type Requests } from "../support/http.ts";
import { ALICE, BOB, PATHS } from "../support/people.ts";
import { NO_RATES, startServer } from "../support/server.ts";

const MIB = 1 << 20;
const MESSAGES = "/api/v1/rooms/lobby/messages";
const COUNT = 40;
const idsOf = (items: readonly { readonly id: number }[]): number[] => items.map(({ id }) => id);

/** Messages of 60,000 characters, oldest first. */
async function talk(who: Requests): Promise<number[]> {
  const ids: number[] = [];
  for (let n = 0; n < COUNT; n++) {
    const { body } = await who.post(MESSAGES, { content: `${n} ${"x".repeat(60_000)}` });
    ids.push((body as { id: number }).id);
  }
  return ids;
}

interface Page {
  readonly items: readonly { readonly id: number }[];
  readonly next: string | null;
}

/** All pages, one after another; none is longer than a MiB and one message. */
async function pagesOf(who: Requests, path: string): Promise<number[]> {
  const found: number[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { body }: { body: unknown } = await who.get(`${path}${cursor === "" ? "" : `&cursor=${cursor}`}`);
    const page = body as Page;
    expect(JSON.stringify(body).length).toBeLessThan(MIB + 100_000);
    found.push(...idsOf(page.items));
    cursor = page.next;
  }
  return found;
}

describe("long messages", () => {
  test("are listed a MiB at a time, in either direction, and none is missing", async () => {
    await using server = await startServer(NO_RATES);
    const alice = http(server, ALICE);
    const ids = await talk(alice);
    expect(await pagesOf(alice, `${MESSAGES}?limit=500`)).toEqual(ids.toReversed());
    expect(await pagesOf(alice, `${MESSAGES}?limit=500&after=0`)).toEqual(ids);
    expect(await pagesOf(alice, `${MESSAGES}?limit=7`)).toEqual(ids.toReversed());
  });

  test("are polled a MiB at a time, and none is missing", async () => {
    await using server = await startServer(NO_RATES);
    const ids = await talk(http(server, ALICE));
    const bob = http(server, BOB);
    const found: number[] = [];
    for (let after = 0; found.length < COUNT;) {
      const path = `/api/v1/events?topics=lobby&wait=0&after=${after}`;
      const { body } = await bob.get(path, { accept: "application/json" });
      expect(JSON.stringify(body).length).toBeLessThan(MIB + 100_000);
      const { events, last_event_id } = body as { events: { event_id: number }[]; last_event_id: number };
      found.push(...events.map(({ event_id }) => event_id));
      after = last_event_id;
    }
    expect(found).toEqual(ids);
  });

  test("are resumed from the store, each once", async () => {
    await using server = await startServer(NO_RATES);
    const ids = await talk(http(server, ALICE));
    // So much that nothing of it is in memory.
    await Promise.all(
      Array.from({ length: 4100 }, (_, n) =>
        server.notifications.notifyUser({ userId: "1", message: String(n) }),
      ),
    );
    const client = await connect(server, PATHS.native, { as: BOB });
    client.send({ type: "subscribe", data: { topics: ["lobby"], last_event_id: 0 } });
    await client.ever(({ type }) => type === "resumed");
    const heard = client.received.flatMap((frame) =>
      frame.kind === "message.created" ? [frame.event_id] : [],
    );
    expect(heard).toEqual(ids);
  });
});

test("the publications in memory are few where they are long", () => {
  const ring = new Ring(0);
  const event = (id: number, length: number): Publication => ({
    id,
    kind: "workspace.archived",
    at: "",
    topics: [],
    recipients: null,
    actor: null,
    data: { workspace_id: "1", name: "x".repeat(length) },
  });
  for (let id = 1; id <= 200; id++) ring.push(event(id, MIB));
  expect(200 - ring.floor).toBe(31);
  expect([...ring.after(ring.floor)].map(({ id }) => id)).toEqual(
    Array.from({ length: 31 }, (_, n) => n + 170),
  );
  for (let id = 201; id <= 5000; id++) ring.push(event(id, 10));
  expect(5000 - ring.floor).toBe(4096);
  ring.push(event(5001, 100 * MIB));
  expect(ring.floor).toBe(5001);
});
