import { sql } from "drizzle-orm";
import type { AppEvent, DurableKind, NotificationData, Publication } from "../../core/event.ts";
import type { Actor } from "../../core/principal.ts";
import type { Topic } from "../../core/topic.ts";
import { EVERYONE } from "../../core/topic.ts";
import type { Db } from "./database.ts";
import { personalKey } from "./publication.ts";
import { events, eventTopics, recipients, users } from "./schema.ts";
import { prepareRun } from "./statement.ts";

/** What an op may touch besides its statements: its place in the log and in time. */
export interface Tx {
  /** Milliseconds, the same for the whole batch; never before an earlier batch's. */
  readonly atMs: number;
  /** The same as text. */
  readonly at: string;
  /** The id that the next event gets. */
  readonly nextId: number;
  /** What this op made happen. */
  readonly events: readonly Publication[];
}

/** The Tx as `commit` and `append` see it. */
export interface OpenTx extends Tx {
  nextId: number;
  events: Publication[];
}

/** The functions that ops are built from. Each answers with the id of the event. */
export interface Append {
  /** Any event. Who is told a notification personally finds it in his inbox too. */
  event<K extends DurableKind>(tx: Tx, event: AppEvent<K>): number;
  notification(
    tx: Tx,
    told: {
      topics?: readonly Topic[];
      recipients: readonly string[];
      actor: Actor | null;
      data: NotificationData;
    },
  ): number;
  announcement(tx: Tx, told: { actor: Actor | null; data: NotificationData; inbox: boolean }): number;
}

const p = sql.placeholder;

export function prepareAppend(db: Db): Append {
  const insertEvent = prepareRun(
    db,
    db.insert(events).values({
      id: p("id"),
      kind: p("kind"),
      topic: p("topic"),
      toldTopics: p("toldTopics"),
      toldUsers: p("toldUsers"),
      data: p("data"),
      actorId: p("actorId"),
      actorName: p("actorName"),
      at: p("at"),
    }),
  );
  const insertTopic = prepareRun(db, db.insert(eventTopics).values({ topic: p("topic"), eventId: p("id") }));
  const insertRecipient = prepareRun(
    db,
    db.insert(recipients).values({ userId: p("user"), eventId: p("id"), expiresAt: p("expiresAt") }),
  );
  const insertRecipients = db
    .insert(recipients)
    .select(sql`select value, ${p("id")}, null, null, ${p("expiresAt")} from json_each(${p("users")})`)
    .prepare();
  const insertEverybody = db
    .insert(recipients)
    .select(sql`select ${users.id}, ${p("id")}, null, null, ${p("expiresAt")} from ${users}`)
    .prepare();

  function event<K extends DurableKind>(
    tx: Tx,
    { kind, topics, recipients, actor, data }: AppEvent<K>,
  ): number {
    const open = tx as OpenTx;
    const id = open.nextId++;
    const told = topics.length > 1 ? [...new Set(topics)] : topics;
    const people = recipients === null || recipients.length === 0 ? null : [...new Set(recipients)];
    const who = actor === null ? null : { id: actor.id, username: actor.username.toWellFormed() };
    const toldUsers = people === null ? null : JSON.stringify(people);
    insertEvent({
      id,
      kind,
      toldUsers,
      topic: told[0] ?? null,
      toldTopics: told.length > 1 ? JSON.stringify(told) : null,
      data: JSON.stringify(data),
      actorId: who?.id ?? null,
      actorName: who?.username ?? null,
      at: tx.atMs,
    });
    for (let place = 1; place < told.length; place++) insertTopic({ topic: told[place] as Topic, id });
    if (people !== null) {
      if (kind !== "notification.created")
        for (const user of people) insertTopic({ topic: personalKey(user), id });
      else {
        const expiresAt = expiryOf(data as NotificationData);
        if (people.length === 1) insertRecipient({ user: people[0] as string, id, expiresAt });
        else insertRecipients.run({ users: toldUsers, id, expiresAt });
      }
    }
    open.events.push({
      kind,
      topics: told,
      recipients: people,
      actor: who,
      data,
      id,
      at: tx.at,
    } as unknown as Publication);
    return id;
  }

  return {
    event,
    notification: (tx, { topics = [], recipients, actor, data }) =>
      event(tx, { kind: "notification.created", topics, recipients, actor, data }),
    announcement(tx, { actor, data, inbox }) {
      const id = event(tx, {
        kind: "announcement.created",
        topics: [EVERYONE],
        recipients: null,
        actor,
        data,
      });
      if (inbox) insertEverybody.run({ id, expiresAt: expiryOf(data) });
      return id;
    },
  };
}

const expiryOf = ({ expires_at }: NotificationData): number | null =>
  expires_at === undefined || expires_at === null ? null : Date.parse(expires_at);
