/** The server that the examples of the documentation speak to, and what happened there before. */
import { ManualClock } from "../../src/core/clock.ts";
import { connect } from "../support/client.ts";
import { type Asker, http, type Site } from "../support/http.ts";
import { chatIn } from "../support/people.ts";
import {
  KEY,
  NO_RATES,
  startServer,
  type StartedServer,
  type StartOptions,
  type User,
} from "../support/server.ts";
import type { Settings } from "../../src/app/dragoman.ts";

/** When everything happens. */
const NOW = "2026-01-31T09:00:00.000Z";

export const ALICE: User = { id: 101, username: "alice" };
export const BOB: User = { id: 102, username: "bob" };
/** Knows nobody. */
export const MALLORY: User = { id: 666, username: "mallory" };
export const ADMIN: User = { id: 1, username: "root", claims: { role: "admin" } };

/** A server as open as `dev` is, at a time that does not pass. */
export const startAt = (
  settings: Partial<Settings> = {},
  time: string = NOW,
  options: StartOptions = {},
): Promise<StartedServer> =>
  startServer(
    { ...NO_RATES, apiKeys: [KEY], ...settings },
    { ...options, clock: new ManualClock(Date.parse(time)) },
  );

/** alice's workspace with bob, a room, a task, a message, a focus session; her unread notification. */
export async function tell(server: Site): Promise<void> {
  const alice = http(server, ALICE);
  // Whoever has asked for anything has a name.
  await http(server, BOB).get("/api/v1/workspaces");
  await alice.post("/api/v1/workspaces", { id: 789, name: "Website" });
  await alice.put("/api/v1/workspaces/789/members/102");
  const task = { id: 456, title: "Project Proposal", priority: "high", due_date: "2026-02-14T12:00:00Z" };
  await alice.put("/api/v1/rooms/channel:9", { workspace_id: 789 });
  await alice.put("/api/v1/rooms/channel:9/members/102");
  await alice.post("/api/v1/rooms/channel:9/messages", { content: "Hello" });
  await alice.post("/api/v1/focus-sessions", { id: "focus-123", title: "Morning", workspace_id: 789 });
  await alice.put("/api/v1/focus-sessions/focus-123/participants/102");
  await http(server, "key").post("/api/v1/notify/users/101", {
    message: "Version 1.4 is live.",
    title: "Deployed",
    level: "success",
    data: { version: "1.4" },
    link: "/releases/1.4",
  });
  await alice.post("/api/v1/workspaces/789/tasks", { ...task, user_id: 102 });
}

/** Three users of the Diary application, as its document has them. */
export async function diaryListeners(server: StartedServer): Promise<void> {
  for (const id of ["123456789", "987654321", "555666777"]) await connect(server, `/api/v1/ws/${id}`);
}

/** What is new with each server: how the examples spell it, and how it is spelled here. */
export type Spelling = Readonly<Record<string, string>>;

export function spelled<T>(value: T, spelling: Spelling): T {
  let text = JSON.stringify(value);
  for (const [known, here] of Object.entries(spelling)) text = text.replaceAll(known, here);
  return JSON.parse(text) as T;
}

/** The same, and alice is in the room with a chat; the backend has made a service key. */
export async function tellAll(server: StartedServer): Promise<Spelling> {
  await tell(server);
  await chatIn(server, ALICE, ["channel:9"]);
  const { body } = await http(server, "key").post("/api/v1/admin/keys", { name: "backend" });
  return {
    "9f2c41d0": (body as { id: string }).id,
    WmR2b0p4Z1h0cUt3U2pLdE5yQm1VYUZlSGlZcEdsQ3c: server.assembly.setupCode() ?? "",
  };
}

/** Who may ask: alice, where any user may, else the backend with its service key. */
export const askerOf = (proof: string): Asker =>
  proof === "none" ? "nobody" : proof === "any" ? ALICE : "key";
