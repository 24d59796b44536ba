import { sql } from "drizzle-orm";
import { refuse, type Refusal } from "../../../core/errors.ts";
import type { Topic } from "../../../core/topic.ts";
import type { Editor } from "../../store.ts";
import { prepareMessageById, prepareSettle } from "../messages.ts";
import { messageChanges } from "../schema.ts";
import type { PrepareOps } from "./op.ts";

const p = sql.placeholder;

export const prepareMessageOps: PrepareOps<"message.send" | "message.edit" | "message.delete"> = (
  db,
  append,
) => {
  const byId = prepareMessageById(db);
  const edit = db
    .insert(messageChanges)
    .values({ id: p("id"), content: p("content"), editedAt: p("at") })
    .onConflictDoUpdate({
      target: messageChanges.id,
      set: { content: sql`excluded.content`, editedAt: sql`excluded.edited_at` },
    })
    .prepare();
  const clear = db
    .insert(messageChanges)
    .values({ id: p("id"), deletedAt: p("at") })
    .onConflictDoUpdate({
      target: messageChanges.id,
      set: { content: null, deletedAt: sql`excluded.deleted_at` },
    })
    .prepare();
  const settle = prepareSettle(db);

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
      return { message_id, created_at: tx.at };
    },

    "message.edit": (tx, { message_id, content, editor }) => {
      const topic = open(message_id, editor);
      if (typeof topic !== "string") return topic;
      edit.run({ id: message_id, content, at: tx.atMs });
      settle(message_id - 1, message_id);
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
