/** Workspaces, their members and their rooms, as the native dialect tells of them. */
import { type Check, under } from "../check.ts";
import type { Framed } from "../expect.ts";
import { ANYTHING, type Expected, ID, keep, type Kept, LIST, part, TEXT, WHOLE } from "../expect.ts";
import type { Person } from "../people.ts";
import type { Scene } from "../scene.ts";
import { framed, hear, open, send, type Step } from "../steps.ts";
import { RESUMED } from "./extras.ts";
import { STREAM, welcome, userOf, event, act, streamOpen, subscribed } from "./native-frames.ts";

const native = under("Native (/api/v1)");

const OWN = keep("own", ID);

const OWN_TOPIC = keep("own topic", TEXT);

const own = (kept: Kept): string => String(kept.get("own"));

const ownOf = (kept: Kept) => ({ own_id: own(kept) });

/** `event_id` where the subscription was opened with a cursor. */
const numbered = ({ schema, expected }: Framed): Framed => ({
  schema,
  expected: { ...(expected as Readonly<Record<string, Expected>>), event_id: WHOLE },
});

const inOwn = (s: Scene, kind: string, data: Expected): Framed =>
  numbered(event(kind, OWN_TOPIC, data, userOf(s.a)));

const member = (s: Scene, kind: string, who: Person, more: Readonly<Record<string, Expected>> = {}): Framed =>
  inOwn(s, kind, { topic: OWN_TOPIC, user_id: who.wireId, ...more });

/** Subscribes to the workspace of this check from before it was made. */
const ownWorkspace = (s: Scene): readonly Step[] => [
  open("a", STREAM, { query: { last_event_id: "latest" } }),
  hear("a", welcome(s.a), RESUMED),
  act(
    "POST",
    "/api/v1/workspaces",
    201,
    { body: { name: `One ${s.mark}` } },
    part({ id: OWN, owner_id: s.a.wireId }),
  ),
  // Who is made a member hears so personally; in the workspace it comes again to those who resume.
  hear("a", numbered(event("member.added", TEXT, part({ role: "owner" }), userOf(s.a)))),
  send("a", (kept) => ({
    type: "subscribe",
    id: 1,
    data: { topics: [`workspace:${own(kept)}`], last_event_id: kept.get("head") },
  })),
  hear(
    "a",
    framed("subscriptions", { type: "reply", to: 1, data: { topics: LIST, rooms: LIST } }),
    event("user.joined", OWN_TOPIC, ANYTHING, userOf(s.a)),
    inOwn(s, "workspace.created", { workspace_id: OWN, name: `One ${s.mark}` }),
    part({ type: "resumed" }),
  ),
];

const WORKSPACE_LIFE = native(
  "events/workspace",
  "a workspace's life is told in it, also what happened before the subscription",
  (s) => [
    ...ownWorkspace(s),
    act("PATCH", "/api/v1/workspaces/:own_id", 200, { params: ownOf, body: { name: `Two ${s.mark}` } }),
    hear(
      "a",
      inOwn(s, "workspace.updated", {
        workspace_id: OWN,
        name: `Two ${s.mark}`,
        changes: { name: { old: `One ${s.mark}`, new: `Two ${s.mark}` } },
      }),
    ),
    act("POST", "/api/v1/workspaces/:own_id/archive", 200, { params: ownOf }),
    hear("a", inOwn(s, "workspace.archived", { workspace_id: OWN, name: `Two ${s.mark}` })),
  ],
);

const MEMBERS = native(
  "events/members",
  "who becomes a member of a workspace, and who no longer is one, is told in it",
  (s) => {
    const path = "/api/v1/workspaces/:own_id/members/:member_id";
    const params = (kept: Kept) => ({ own_id: own(kept), member_id: s.b.id });
    return [
      ...ownWorkspace(s),
      act("PUT", path, 204, { params }),
      hear("a", member(s, "member.added", s.b, { role: "member" })),
      act("DELETE", path, 204, { params }),
      hear("a", member(s, "member.removed", s.b)),
    ];
  },
  { needs: ["user", "second"] },
);

const MOVED = native("events/room", "a room that is moved to another workspace tells so", (s) => {
  const params = { room: `channel:${s.mark}` };
  const move = (workspace: string): Step =>
    act("PUT", "/api/v1/rooms/:room", 200, {
      params,
      body: (kept) => ({ workspace_id: kept.get(workspace) }),
    });
  return [
    act(
      "POST",
      "/api/v1/workspaces",
      201,
      { body: { name: `From ${s.mark}` } },
      part({ id: keep("from", ID) }),
    ),
    act("POST", "/api/v1/workspaces", 201, { body: { name: `To ${s.mark}` } }, part({ id: keep("to", ID) })),
    move("from"),
    ...streamOpen("a", s.a),
    ...subscribed("a", s.a, [params.room]),
    move("to"),
    hear(
      "a",
      event(
        "room.moved",
        params.room,
        { topic: params.room, workspace_id: keep("to", ID), old_workspace_id: keep("from", ID) },
        ANYTHING,
      ),
    ),
  ];
});

export const nativeWorkspaces: readonly Check[] = [WORKSPACE_LIFE, MEMBERS, MOVED];
