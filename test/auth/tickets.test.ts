import { expect, test } from "bun:test";
import { Tickets, TICKET_MS } from "../../src/auth/tickets.ts";
import { ManualClock } from "../../src/core/clock.ts";
import type { Principal } from "../../src/core/principal.ts";
import { NOW, NOW_MS, refusalOf, testAuth } from "./support.ts";

const alice: Principal = {
  kind: "user",
  id: "alice",
  username: "Alice",
  admin: false,
  rooms: [],
  workspaces: [],
  expiresAt: NOW + 3600,
};
const service: Principal = { ...alice, kind: "key", expiresAt: Infinity };

test("a ticket stands for its principal, once", async () => {
  const { tickets } = testAuth();
  const { ticket, expires_at } = tickets.issue(alice);
  expect(ticket).toMatch(/^[\w-]{43}$/);
  expect(expires_at).toBe("2026-01-01T12:00:30.000Z");
  expect(tickets.redeem(ticket)).toBe(alice);
  expect(refusalOf(await tickets.redeem(ticket))).toEqual({
    refused: "TICKET_INVALID",
    detail: "The ticket is unknown, used or older than 30 s. Get a fresh one: POST /api/v1/tickets",
  });
});

test("a ticket is good for 30 s and not a moment longer", async () => {
  const { tickets, clock } = testAuth();
  const [early, late] = [tickets.issue(alice), tickets.issue(service)];
  clock.advance(TICKET_MS - 1);
  expect(tickets.redeem(early.ticket)).toBe(alice);
  clock.advance(1);
  expect(refusalOf(await tickets.redeem(late.ticket)).refused).toBe("TICKET_INVALID");
});

test("a ticket does not outlive the token that it was given for", async () => {
  const { tickets, clock } = testAuth();
  const { ticket, expires_at } = tickets.issue({ ...alice, expiresAt: NOW + 10 });
  expect(expires_at).toBe("2026-01-01T12:00:10.000Z");
  clock.advance(10_000);
  expect(refusalOf(await tickets.redeem(ticket)).refused).toBe("TICKET_INVALID");
});

test("an unknown ticket is refused, and a ticket of one server by another", async () => {
  const { ticket } = testAuth().tickets.issue(alice);
  for (const given of [ticket, "", "constructor", "x".repeat(10_000)]) {
    expect(refusalOf(await testAuth().tickets.redeem(given)).refused).toBe("TICKET_INVALID");
  }
});

test("a ticket of a service key does not outlive the key", async () => {
  const held = new Set(["k1"]);
  const keys = { findKey: async () => null, holds: async (id: string) => held.has(id) };
  const { tickets } = testAuth({}, { keys });
  const [first, second] = [1, 2].map(() => tickets.issue({ ...service, keyId: "k1" }));
  expect(await tickets.redeem(first!.ticket)).toMatchObject({ kind: "key", keyId: "k1" });
  held.clear();
  expect(refusalOf(await tickets.redeem(second!.ticket)).refused).toBe("KEY_INVALID");
});

test("expired tickets are swept by the next one", () => {
  const clock = new ManualClock(NOW_MS);
  const tickets = new Tickets(clock);
  for (let i = 0; i < 5; i += 1) tickets.issue(alice);
  clock.advance(TICKET_MS);
  tickets.issue(alice);
  expect(tickets.size).toBe(1);
});

test("with no room left the oldest ticket goes", async () => {
  const tickets = new Tickets(new ManualClock(NOW_MS), 2);
  const [first, second, third] = [tickets.issue(alice), tickets.issue(alice), tickets.issue(alice)];
  expect(tickets.size).toBe(2);
  expect(refusalOf(await tickets.redeem(first.ticket)).refused).toBe("TICKET_INVALID");
  expect([tickets.redeem(second.ticket), tickets.redeem(third.ticket)]).toEqual([alice, alice]);
});
