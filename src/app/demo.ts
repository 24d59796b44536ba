import type { Hub } from "../hub/hub.ts";
import { topicOf, workspaceTopic } from "../core/topic.ts";
import { isRefusal } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";

/** Who lives in the demo: alice runs workspace 789, bob works there. */
export const DEMO_USERS = [
  { id: "101", username: "alice", role: "admin", is: "admin of workspace 789" },
  { id: "102", username: "bob", role: "member", is: "member of workspace 789 and channel:1" },
] as const;

const WORKSPACE = "789";
const TTL_SECONDS = 7 * 24 * 3600;

const as = (id: string, username: string): Principal => ({
  kind: "user",
  id,
  username,
  admin: true,
  rooms: [],
  workspaces: [],
  expiresAt: Number.POSITIVE_INFINITY,
});

/** Makes the demo's workspace and members; what is there already stays. */
export async function seedDemo(hub: Hub): Promise<void> {
  const [alice, bob] = DEMO_USERS;
  const founder = as(alice.id, alice.username);
  const made = await hub.execute(founder, "workspace.create", { id: WORKSPACE, name: "Demo" });
  if (isRefusal(made) && made.refused !== "CONFLICT")
    throw new Error(`the demo could not be made: ${made.detail}`);
  hub.submit({ op: "user.seen", args: { users: [{ id: bob.id, username: bob.username }] } });
  await hub.execute(founder, "member.put", {
    topic: workspaceTopic(WORKSPACE),
    user_id: bob.id,
    role: bob.role,
  });
  await hub.execute(founder, "room.put", { topic: topicOf("channel", "1"), workspace_id: WORKSPACE });
  for (const user of DEMO_USERS)
    await hub.execute(founder, "member.put", {
      topic: topicOf("channel", "1"),
      user_id: user.id,
      role: "member",
    });
}

/** A demo user, and how to speak as him. */
export interface DemoUser {
  readonly id: string;
  readonly username: string;
  readonly is: string;
  readonly token: string;
}

/** A week's token of each demo user. */
export const demoTokens = (
  sign: (user: { readonly id: string; readonly username: string; readonly ttlSeconds: number }) => string,
): readonly DemoUser[] =>
  DEMO_USERS.map(({ id, username, is }) => ({
    id,
    username,
    is,
    token: sign({ id, username, ttlSeconds: TTL_SECONDS }),
  }));
