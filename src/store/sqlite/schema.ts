import { isNotNull, isNull, sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * The tables. Times are milliseconds since the epoch. The migrations are generated from here
 * (`bunx drizzle-kit generate --config scripts/drizzle.config.ts`), then given by hand what
 * drizzle cannot say: STRICT for all, WITHOUT ROWID where the primary key is the only way in.
 */

/** One row: the ends of the log. */
export const counter = sqliteTable("counter", {
  id: integer().primaryKey(),
  lastEventId: integer("last_event_id").notNull(),
  lastAt: integer("last_at").notNull(),
  /** Pruning has come so far: events up to here are out of the log. Their rows serve inboxes only. */
  prunedId: integer("pruned_id").notNull().default(0),
  /** Events in the log. */
  kept: integer().notNull().default(0),
  /** Messages up to here are in `room_messages`; later ones may be. */
  placedId: integer("placed_id").notNull().default(0),
});

/** The log. A row holds the whole event; `event_topics` and `recipients` are ways to find it. */
export const events = sqliteTable(
  "events",
  {
    id: integer().primaryKey(),
    kind: text().notNull(),
    /** The first of its topics: the event's home. */
    topic: text(),
    /** JSON: all its topics, where there are several. */
    toldTopics: text("told_topics"),
    /** JSON: the ids of those told personally. */
    toldUsers: text("told_users"),
    /** JSON. */
    data: text().notNull(),
    actorId: text("actor_id"),
    actorName: text("actor_name"),
    at: integer().notNull(),
  },
  // Being the row id, the event id is in every index: the first is (topic, id), of messages `room_messages`.
  // The other finds what a deleted message said.
  (table) => [
    index("events_by_topic")
      .on(table.topic)
      .where(sql`${table.topic} is not null and ${table.kind} <> 'message.created'`),
    index("edits_by_message")
      .on(sql`${table.data} ->> '$.message_id'`)
      .where(sql`${table.kind} = 'message.edited'`),
  ],
);

/**
 * Further topics of an event, the first one being in its row. Under `personal:<user>`, which is
 * no topic, events that are told to somebody without lying in an inbox.
 */
export const eventTopics = sqliteTable(
  "event_topics",
  {
    topic: text().notNull(),
    eventId: integer("event_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.topic, table.eventId] })],
);

/** The inboxes: who got which notification or announcement. */
export const recipients = sqliteTable(
  "recipients",
  {
    userId: text("user_id").notNull(),
    eventId: integer("event_id").notNull(),
    readAt: integer("read_at"),
    deletedAt: integer("deleted_at"),
    /** The event's own; here so that counting what is unread reads no events. */
    expiresAt: integer("expires_at"),
  },
  // The indexes are pruning's: by age, and what nobody can see any more.
  (table) => [
    primaryKey({ columns: [table.userId, table.eventId] }),
    index("recipients_by_event").on(table.eventId),
    index("recipients_by_expiry").on(table.expiresAt).where(isNotNull(table.expiresAt)),
    index("recipients_deleted").on(table.eventId).where(isNotNull(table.deletedAt)),
  ],
);

/** What pruning removed: the highest id a topic, `user:<id>` for what was personal. */
export const floors = sqliteTable("floors", {
  topic: text().primaryKey(),
  eventId: integer("event_id").notNull(),
});

export const users = sqliteTable(
  "users",
  {
    id: text().primaryKey(),
    username: text().notNull(),
    firstSeenAt: integer("first_seen_at").notNull(),
    lastSeenAt: integer("last_seen_at").notNull(),
  },
  (table) => [
    index("users_by_seen").on(table.lastSeenAt, table.id),
    index("users_by_name").on(sql`${table.username} collate nocase`, table.id),
  ],
);

export const workspaces = sqliteTable(
  "workspaces",
  {
    id: text().primaryKey(),
    name: text().notNull(),
    ownerId: text("owner_id"),
    archivedAt: integer("archived_at"),
    createdAt: integer("created_at").notNull(),
    createdEventId: integer("created_event_id").notNull(),
  },
  (table) => [index("workspaces_by_age").on(table.createdEventId)],
);

export const rooms = sqliteTable(
  "rooms",
  {
    topic: text().primaryKey(),
    workspaceId: text("workspace_id"),
    /** Counts the rooms, in the order in which they came: storing one is no event. */
    serial: integer().notNull().default(0),
  },
  (table) => [index("rooms_by_age").on(table.serial), index("rooms_by_workspace").on(table.workspaceId)],
);

export const members = sqliteTable(
  "members",
  {
    topic: text().notNull(),
    userId: text("user_id").notNull(),
    role: text().notNull(),
    addedAt: integer("added_at").notNull(),
    addedEventId: integer("added_event_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.topic, table.userId] }),
    index("members_by_user").on(table.userId, table.topic),
    index("members_by_age").on(table.topic, table.addedEventId),
  ],
);

export const tasks = sqliteTable(
  "tasks",
  {
    id: text().primaryKey(),
    workspaceId: text("workspace_id"),
    title: text().notNull(),
    description: text(),
    status: text().notNull().default("todo"),
    priority: text().notNull().default("normal"),
    dueDate: text("due_date"),
    userId: text("user_id"),
    creatorId: text("creator_id"),
    version: integer().notNull().default(1),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    completedAt: integer("completed_at"),
    deletedAt: integer("deleted_at"),
    createdEventId: integer("created_event_id").notNull().default(0),
  },
  (table) => [
    index("tasks_by_workspace").on(table.workspaceId, table.createdEventId).where(isNull(table.deletedAt)),
  ],
);

/** The messages of a room, but for the newest: written some time after the events. */
export const roomMessages = sqliteTable(
  "room_messages",
  {
    topic: text().notNull(),
    messageId: integer("message_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.topic, table.messageId] })],
);

/**
 * What became of a message that was edited or deleted. The message itself is its event, whose row
 * stays when it leaves the log, so that storing one is one row.
 */
export const messageChanges = sqliteTable("message_changes", {
  id: integer().primaryKey(),
  /** As it reads now. Null once it was deleted. */
  content: text(),
  editedAt: integer("edited_at"),
  deletedAt: integer("deleted_at"),
});

export const focusSessions = sqliteTable(
  "focus_sessions",
  {
    id: text().primaryKey(),
    title: text(),
    workspaceId: text("workspace_id"),
    status: text().notNull().default("active"),
    currentTaskId: text("current_task_id"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** As of rooms. */
    serial: integer().notNull().default(0),
  },
  (table) => [index("focus_by_age").on(table.serial), index("focus_by_workspace").on(table.workspaceId)],
);

export const apiKeys = sqliteTable("api_keys", {
  id: text().primaryKey(),
  name: text().notNull(),
  /** SHA-256 of the key. */
  hash: text().notNull().unique(),
  createdAt: integer("created_at").notNull(),
  revokedAt: integer("revoked_at"),
});

/** Commands that are executed when they are due. An id is never given twice: `completes` names it. */
export const scheduled = sqliteTable(
  "scheduled",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    dueAt: integer("due_at").notNull(),
    /** JSON. */
    command: text().notNull(),
    /** JSON: the principal, as he was when it was accepted. */
    who: text().notNull(),
  },
  (table) => [index("scheduled_by_due").on(table.dueAt)],
);

/** What was answered under an `Idempotency-Key`, for repetitions. */
export const idempotency = sqliteTable(
  "idempotency",
  {
    scope: text().primaryKey(),
    bodyHash: text("body_hash").notNull(),
    /** JSON: the op's value. */
    value: text().notNull(),
    /** JSON: the write's note. */
    note: text(),
    at: integer().notNull(),
  },
  (table) => [index("idempotency_by_age").on(table.at)],
);

/** Who came, who was refused, how sockets ended. Rows go from the front only, so that the ids have no holes. */
export const securityLog = sqliteTable(
  "security_log",
  {
    id: integer().primaryKey(),
    at: integer().notNull(),
    kind: text().notNull(),
    userId: text("user_id"),
    address: text(),
    dialect: text(),
    endpoint: text(),
    closeCode: integer("close_code"),
    cause: text(),
    detail: text(),
  },
  (table) => [
    index("security_by_kind").on(table.kind),
    index("security_by_user").on(table.userId).where(isNotNull(table.userId)),
  ],
);
