import { eq, sql } from "drizzle-orm";
import { refuse, type Refusal } from "../../../core/errors.ts";
import type { Topic } from "../../../core/topic.ts";
import type { Editor } from "../../store.ts";
import { messages } from "../schema.ts";
import { prepareRun } from "../statement.ts";
import type { PrepareOps } from "./op.ts";

const p = sql.placeholder;

export const prepareMessageOps: PrepareOps<"message.send" | "message.edit" | "message.delete"> = (
  db,
  append,
) => {
  const insert = prepareRun(
    db,
    db.insert(messages).values({
      id: p("id"),
      topic: p("topic"),
      userId: p("userId"),
      username: p("username"),
      content: p("content"),
      metadata: p("metadata"),
      createdAt: p("at"),
    }),
  );
  const byId = db
    .select({ topic: messages.topic, userId: messages.userId, deletedAt: messages.deletedAt })
    .from(messages)
    .where(eq(messages.id, p("id")))
    .prepare();
  const edit = db
    .update(messages)
    .set({ content: sql`${p("content")}`, editedAt: sql`${p("at")}` })
    .where(eq(messages.id, p("id")))
    .prepare();
  const clear = db
    .update(messages)
    .set({ content: null, deletedAt: sql`${p("at")}` })
    .where(eq(messages.id, p("id")))
    .prepare();

  const silence = `UPDATE events SET data = json_set(data, '$.content', '') WHERE`;
  const silenceCreated = db.$client.prepare(`${silence} id = ? AND kind = 'message.created'`);
  const silenceEdits = db.$client.prepare(
    `${silence} kind = 'message.edited' AND data ->> '$.message_id' = ?`,
  );

  /** The topic of a message that the editor may change. */
  function open(id: number, { actor, privileged }: Editor): Topic | Refusal {
    const message = byId.get({ id });
    if (message === undefined || message.deletedAt !== null) return refuse("NOT_FOUND", "Message not found");
    if (!privileged && actor?.id !== message.userId)
      return refuse("FORBIDDEN", "Only its author or an admin can change a message.");
    return message.topic as Topic;
  }

  return {
    "message.send": (tx, { topic, content, metadata, actor }) => {
      const message_id = tx.nextId;
      const { id: user_id, username } = actor;
      append.event(tx, {
        kind: "message.created",
        topics: [topic],
        recipients: null,
        actor,
        data: { message_id, content, user_id, username, metadata },
      });
      insert({
        id: message_id,
        topic,
        userId: user_id,
        username,
        content,
        metadata: JSON.stringify(metadata),
        at: tx.atMs,
      });
      return { message_id, created_at: tx.at };
    },

    "message.edit": (tx, { message_id, content, editor }) => {
      const topic = open(message_id, editor);
      if (typeof topic !== "string") return topic;
      edit.run({ id: message_id, content, at: tx.atMs });
      const data = { message_id, content, edited_at: tx.at };
      append.event(tx, {
        kind: "message.edited",
        topics: [topic],
        recipients: null,
        actor: editor.actor,
        data,
      });
      return { message_id, edited_at: tx.at };
    },

    "message.delete": (tx, { message_id, editor }) => {
      const topic = open(message_id, editor);
      if (typeof topic !== "string") return topic;
      clear.run({ id: message_id, at: tx.atMs });
      // Whoever resumes later hears that it was there and is gone, and not what it said.
      silenceCreated.run(message_id);
      silenceEdits.run(message_id);
      const data = { message_id, deleted_at: tx.at };
      append.event(tx, {
        kind: "message.deleted",
        topics: [topic],
        recipients: null,
        actor: editor.actor,
        data,
      });
      return data;
    },
  };
};
