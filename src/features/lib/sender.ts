import type { Grant } from "../../access/access.ts";
import type { MaybePromise } from "../../core/command.ts";
import { refuse, type Refusal } from "../../core/errors.ts";
import { isPrivileged, SYSTEM_ID, type Actor, type Principal } from "../../core/principal.ts";
import type { Topic } from "../../core/topic.ts";
import type { FeatureContext } from "../feature.ts";
import { after } from "./after.ts";

/** Who is named as the sender where a name must be there: a key sends as the system. */
export const senderOf = (who: Principal): Actor =>
  who.kind === "user" ? { id: who.id, username: who.username } : { id: SYSTEM_ID, username: SYSTEM_ID };

/**
 * Does what needs the right to speak in the topic. A socket that is in the room has it by what let it in:
 * joining was the check, and a revocation ends the subscription. Only the webhook tells joining from
 * sending, and is asked again.
 */
export function whereHeard<R>(
  { who, listener, access }: FeatureContext,
  topic: Topic,
  act: () => MaybePromise<R>,
): MaybePromise<R | Refusal> {
  const grant = listener?.grantOf(topic) ?? null;
  if (grant !== null && grant !== "webhook") return act();
  return after<Grant | null, R | Refusal>(access.may(who, topic, "send"), (given) =>
    given === null ? refuse("FORBIDDEN") : act(),
  );
}

/** Nobody has proven who this is. */
export const isAnonymous = (who: Principal): boolean => who.kind === "anonymous";

/** True of the user himself and of whoever may act for anyone. */
export const actsFor = (who: Principal, userId: string): boolean =>
  isPrivileged(who) || (who.kind === "user" && who.id === userId);
