import { eq, sql, type SQL } from "drizzle-orm";
import type { FocusMember } from "../../../core/event.ts";
import { idOf, typeOf, type Topic } from "../../../core/topic.ts";
import type { Tx } from "../append.ts";
import type { Db } from "../database.ts";
import { nextSerial } from "../homes.ts";
import { focusSessions, rooms } from "../schema.ts";
import { prepareNameOf } from "./identities.ts";

const p = sql.placeholder;

/** A new session belongs where its room does. */
export const homeOfRoom = (): SQL =>
  sql`(select ${rooms.workspaceId} from ${rooms} where ${rooms.topic} = 'focus:' || ${p("id")})`;

export const prepareSessionById = (db: Db) =>
  db
    .select()
    .from(focusSessions)
    .where(eq(focusSessions.id, p("id")))
    .prepare();

export interface Sessions {
  readonly ensure: (tx: Tx, id: string) => void;
  readonly move: (id: string, workspaceId: string | null) => void;
  /** What the participants are told of somebody who came or went; nothing where the room is no session. */
  readonly joined: (topic: Topic, userId: string) => { readonly focus?: FocusMember };
}

/** What memberships and places of rooms do to focus sessions. */
export function prepareSessions(db: Db): Sessions {
  const nameOf = prepareNameOf(db);
  const byId = prepareSessionById(db);
  const insert = db
    .insert(focusSessions)
    .values({
      id: p("id"),
      workspaceId: homeOfRoom(),
      createdAt: p("at"),
      updatedAt: p("at"),
      serial: nextSerial(focusSessions),
    })
    .onConflictDoNothing()
    .prepare();
  const place = db
    .update(focusSessions)
    .set({ workspaceId: sql`${p("workspaceId")}` })
    .where(eq(focusSessions.id, p("id")))
    .prepare();

  return {
    ensure(tx, id) {
      insert.run({ id, at: tx.atMs });
    },
    move(id, workspaceId) {
      place.run({ id, workspaceId });
    },
    joined(topic, userId) {
      if (typeOf(topic) !== "focus") return {};
      const session_id = idOf(topic);
      const { status = "active", currentTaskId = null } = byId.get({ id: session_id }) ?? {};
      const user = { id: userId, username: nameOf(userId) };
      return { focus: { session_id, status, current_task_id: currentTaskId, user } };
    },
  };
}
