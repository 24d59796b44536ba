/** Publications of every kind, by hand and at random, for the tests of onetask, onetask-v1 and diary. */
import * as fc from "fast-check";
import type {
  AppEvent,
  EventData,
  EventKind,
  Json,
  JsonObject,
  NotificationData,
  Publication,
  TaskEventData,
  Via,
} from "../../../src/core/event.ts";
import { EVENT_KINDS, LEVELS, TASK_ACTIONS } from "../../../src/core/event.ts";
import { isIdText } from "../../../src/core/ids.ts";
import type { Actor, Principal } from "../../../src/core/principal.ts";
import type { Topic } from "../../../src/core/topic.ts";
import type { ConnectionView, EncodeTable, Frames } from "../../../src/dialects/dialect.ts";

export const KINDS = Object.keys(EVENT_KINDS) as EventKind[];

export const AT = "2026-01-02T03:04:05.678Z";

export const aUser: Principal = {
  kind: "user",
  id: "101",
  username: "johndoe",
  admin: false,
  rooms: [],
  workspaces: [],
  expiresAt: 2_000_000_000,
};

export const johndoe: Actor = { id: "101", username: "johndoe" };

export const viewOf = (endpoint: string, path: Topic | null = null): ConnectionView => ({
  who: aUser,
  endpoint,
  path,
  rooms: [],
  now: AT,
  settings: { diary: "open", broadcast: "users", forbiddenJoin: "close" },
});

export const publication = <K extends EventKind>(
  kind: K,
  data: EventData[K],
  more: Partial<AppEvent<K> & { id: number; at: string }> = {},
): Publication<K> =>
  ({
    kind,
    topics: [],
    recipients: null,
    actor: johndoe,
    id: 123,
    at: AT,
    data,
    ...more,
  }) as unknown as Publication<K>;

export const aNotice: NotificationData = {
  title: "Notification Title",
  content: "Notification content text",
  level: null,
  notification_type: "info",
  related_entity_type: null,
  related_entity_id: null,
  data: {},
  link: null,
  priority: null,
  room: null,
  task: null,
};

export const aTaskEvent: TaskEventData = {
  task_id: "456",
  action: "updated",
  title: "Project Proposal",
  task: {
    title: null,
    description: null,
    status: null,
    priority: null,
    due_date: null,
    workspace_id: null,
    user_id: null,
    assignee: null,
    creator: null,
  },
  changes: {},
  notification_id: 123,
};

/** What a dialect says of an event to whom listens there. */
export const told = (table: EncodeTable, event: Publication, via: Via): Frames => {
  const encode = table[event.kind] as ((event: Publication, via: Via) => Frames) | null;
  return encode === null ? null : encode(event, via);
};

/** Ids as people have them, and the hard ones. */
export const anId: fc.Arbitrary<string> = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom(
    "0",
    "007",
    "9007199254740991",
    "9007199254740992",
    "99999999999999999999",
    "-5",
    "1e3",
    "focus-123",
    "__proto__",
    "a:b",
    " ",
    "ü😀",
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter(isIdText),
);

const anyJson = fc.jsonValue() as fc.Arbitrary<Json>;
const anyJsonObject = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom("level", "link", "priority", "task_id", "type", "constructor")),
  anyJson,
) as fc.Arbitrary<JsonObject>;

const orNull = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { nil: null });
const anActor: fc.Arbitrary<Actor> = fc.record({ id: anId, username: fc.string() });
const aTopic: fc.Arbitrary<Topic> = fc
  .tuple(fc.constantFrom("workspace", "channel", "task", "focus", "room", "user"), anId)
  .map(([type, id]) => `${type}:${id}` as Topic);
const aTime = fc
  .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const changes = fc.dictionary(fc.string(), fc.record({ old: anyJson, new: anyJson }));

const notice: fc.Arbitrary<NotificationData> = fc.record({
  title: fc.string(),
  content: fc.string(),
  level: orNull(fc.constantFrom(...LEVELS)),
  notification_type: fc.string(),
  related_entity_type: orNull(fc.string()),
  related_entity_id: orNull(anId),
  data: anyJsonObject,
  link: orNull(fc.string()),
  priority: orNull(fc.string()),
  room: orNull(aTopic),
  task: orNull(
    fc.record({ task_id: anId, action: fc.constantFrom(...TASK_ACTIONS), workspace_id: orNull(anId) }),
  ),
});

const task = (action: (typeof TASK_ACTIONS)[number]): fc.Arbitrary<TaskEventData> =>
  fc.record({
    task_id: anId,
    action: fc.constant(action),
    title: fc.string(),
    task: fc.record({
      title: orNull(fc.string()),
      description: orNull(fc.string()),
      status: orNull(fc.string()),
      priority: orNull(fc.string()),
      due_date: orNull(aTime),
      workspace_id: orNull(anId),
      user_id: orNull(anId),
      assignee: orNull(fc.string()),
      creator: orNull(fc.string()),
    }),
    changes,
    notification_id: fc.nat(),
  });

const focusMember = { session_id: anId, status: fc.string(), current_task_id: orNull(anId), user: anActor };
const maybeMember = fc.option(fc.record(focusMember), { nil: undefined });
const focusSaid = fc.record({
  ...focusMember,
  action: fc.string(),
  data: fc.option(anyJson, { nil: undefined }),
});
const workspace = fc.record({ workspace_id: anId, name: fc.string() });
const userSeen = fc.record({ user_id: anId, username: fc.string() });

const DATA: { readonly [K in EventKind]: fc.Arbitrary<EventData[K]> } = {
  "notification.created": notice,
  "announcement.created": notice,
  "notification.read": fc.record({
    user_id: anId,
    ids: orNull(fc.array(fc.nat())),
    up_to: fc.nat(),
    unread: fc.nat(),
  }),
  "notification.deleted": fc.record({ user_id: anId, ids: fc.array(fc.nat()), unread: fc.nat() }),
  "task.created": task("created"),
  "task.updated": task("updated"),
  "task.completed": task("completed"),
  "task.deleted": task("deleted"),
  "message.created": fc.record({
    message_id: fc.nat(),
    content: fc.string(),
    user_id: anId,
    username: fc.string(),
    metadata: anyJsonObject,
  }),
  "message.edited": fc.record({ message_id: fc.nat(), content: fc.string(), edited_at: aTime }),
  "message.deleted": fc.record({ message_id: fc.nat(), deleted_at: aTime }),
  "workspace.created": workspace,
  "workspace.updated": fc.record({ workspace_id: anId, name: fc.string(), changes }),
  "workspace.archived": workspace,
  "member.added": fc.record({ topic: aTopic, user_id: anId, role: fc.string(), focus: maybeMember }),
  "member.removed": fc.record({
    topic: aTopic,
    user_id: anId,
    covered_by: orNull(aTopic),
    focus: maybeMember,
  }),
  "room.moved": fc.record({ topic: aTopic, workspace_id: orNull(anId), old_workspace_id: anId }),
  "focus.updated": focusSaid,
  "focus.joined": fc.record(focusMember),
  "focus.left": fc.record(focusMember),
  "focus.relayed": focusSaid,
  "user.joined": userSeen,
  "user.left": userSeen,
  "user.broadcast": fc.record({ message: fc.string(), user_id: anId }),
};

/** Any event of any kind. */
export const anyPublication: fc.Arbitrary<Publication> = fc.constantFrom(...KINDS).chain((kind) =>
  fc
    .record({
      data: DATA[kind] as fc.Arbitrary<EventData[typeof kind]>,
      actor: orNull(anActor),
      id: fc.nat(),
      at: aTime,
    })
    .map(({ data, ...more }) => publication(kind, data, more)),
);

/** Any place where it may be heard. */
export const anyVia: fc.Arbitrary<Via> = fc.oneof(fc.constantFrom<Via>(null, "everyone"), aTopic);

/** Whatever may come over a socket: any UTF-16, JSON, and JSON that bites. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units)),
  fc.json(),
  fc
    .record(
      { action: anyJson, status: anyJson, current_task_id: anyJson, data: anyJson },
      { requiredKeys: [] },
    )
    .map((frame) => JSON.stringify(frame)),
  // Much deeper, and it is JSON.stringify that takes its time.
  fc.nat({ max: 5000 }).map((depth) => "[".repeat(depth) + "]".repeat(depth)),
  fc.nat({ max: 5000 }).map((depth) => `{"data":`.repeat(depth) + "1" + "}".repeat(depth)),
  fc.constantFrom(
    "",
    "null",
    "\ud800",
    `{"data":"\\ud800"}`,
    `{"__proto__":{"action":"x"}}`,
    `{"action":"x","data":{"__proto__":{"admin":true},"constructor":{"prototype":{}}}}`,
    `{"toString":1,"hasOwnProperty":null}`,
    "[".repeat(100_000),
    `{"status":1e999}`,
    `{"current_task_id":9007199254740993}`,
  ),
);
