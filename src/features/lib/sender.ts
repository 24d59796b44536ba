import { isPrivileged, SYSTEM_ID, type Actor, type Principal } from "../../core/principal.ts";
import type { Topic } from "../../core/topic.ts";
import type { FeatureContext } from "../feature.ts";

/** Who is named as the sender where a name must be there: a key sends as the system. */
export const senderOf = (who: Principal): Actor =>
  who.kind === "user" ? { id: who.id, username: who.username } : { id: SYSTEM_ID, username: SYSTEM_ID };

/**
 * True of a socket that is in the room by what lets it speak there too: joining was the check, and a
 * revocation ends the subscription. Only the webhook tells joining from sending, and is asked again.
 */
export function isHeardIn({ listener }: FeatureContext, topic: Topic): boolean {
  const grant = listener?.grantOf(topic) ?? null;
  return grant !== null && grant !== "webhook";
}

/** Nobody has proven who this is. */
export const isAnonymous = (who: Principal): boolean => who.kind === "anonymous";

/** True of the user himself and of whoever may act for anyone. */
export const actsFor = (who: Principal, userId: string): boolean =>
  isPrivileged(who) || (who.kind === "user" && who.id === userId);
