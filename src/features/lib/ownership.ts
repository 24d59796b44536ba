import { refuse, type Refusal } from "../../core/errors.ts";
import { isPrivileged } from "../../core/principal.ts";
import { idOf, typeOf, workspaceTopic, type Topic } from "../../core/topic.ts";
import type { Reads } from "../../store/store.ts";
import type { FeatureContext } from "../feature.ts";

/** The workspace that a stored room or task belongs to. */
async function homeOf(store: Reads, topic: Topic): Promise<string | null> {
  const task = typeOf(topic) === "task" ? await store.task(idOf(topic)) : null;
  return task?.workspace_id ?? (await store.room(topic))?.workspace_id ?? null;
}

/**
 * True of admins, keys and the owner: of the workspace itself, of the workspace that the room
 * belongs to, or of a room that belongs to none; of a focus session also who has created it.
 * Neither the `open` mode nor a token's grant nor the webhook makes an owner.
 */
export async function owns({ who, store }: FeatureContext, topic: Topic): Promise<boolean> {
  if (isPrivileged(who)) return true;
  if (who.kind !== "user") return false;
  if (typeOf(topic) === "focus" && (await store.role(who.id, topic)) === "owner") return true;
  const home = typeOf(topic) === "workspace" ? null : await homeOf(store, topic);
  return (await store.role(who.id, home === null ? topic : workspaceTopic(home))) === "owner";
}

/**
 * True where the topic was opened by more than the `open` mode: that one opens topics, but never
 * the list of members, nor notifying them.
 */
export async function isInside(
  { who, store, access }: FeatureContext,
  topic: Topic,
  action: "notify" | "read",
): Promise<boolean> {
  const grant = await access.may(who, topic, action);
  return grant === "open" ? (await store.membership(who.id, topic)) !== null : grant !== null;
}

/** "Only its owner may" for those who may know of it, "not found" for the others. */
export async function refuseStranger({ who, access }: FeatureContext, topic: Topic): Promise<Refusal> {
  if ((await access.may(who, topic, "read")) === null) return notFound(topic);
  return refuse(
    "FORBIDDEN",
    `Only the owner of this ${nounOf(topic)}, an admin or a service key may do this`,
  );
}

export function notFound(topic: Topic): Refusal {
  const noun = nounOf(topic);
  return refuse("NOT_FOUND", `${noun.charAt(0).toUpperCase()}${noun.slice(1)} not found`);
}

function nounOf(topic: Topic): string {
  const type = typeOf(topic);
  return type === "focus" ? "focus session" : type === "workspace" ? "workspace" : "room";
}
