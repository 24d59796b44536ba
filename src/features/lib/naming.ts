import { refuse, type Refusal } from "../../core/errors.ts";
import { isPrivileged } from "../../core/principal.ts";
import { typeOf, type Topic } from "../../core/topic.ts";
import type { FeatureContext } from "../feature.ts";

/**
 * Whoever chooses the id of something new opens the topic of that name to himself and to whom he
 * likes. A user may, where he may enter it already, or where it is nobody's: not where the webhook
 * or his token say who may enter what, for those speak also of names that are not in use yet; nor
 * where something was told there before, or somebody else is there now. CONFLICT or FORBIDDEN.
 */
export async function refuseNaming(topic: Topic, context: FeatureContext): Promise<Refusal | null> {
  const { who, access, presence } = context;
  if (isPrivileged(who) || (await access.may(who, topic, "join")) !== null) return null;
  if (access.asks) return refuse("FORBIDDEN", `Your backend does not let you into ${topic}. ${LEAVE_OUT}`);
  if (who.listed === "all" || (who.listed === "workspaces" && typeOf(topic) === "workspace"))
    return refuse("FORBIDDEN", `Your token lists what it opens, and not ${topic}. ${LEAVE_OUT}`);
  const isEmpty = presence.usersIn(topic).every((id) => id === who.id);
  return isEmpty && (await isUnheardOf(topic, context))
    ? null
    : refuse("CONFLICT", `${topic} is in use here already. ${LEAVE_OUT}`);
}

const LEAVE_OUT = "Leave out the id, or have an admin or your backend do this.";

/** Nothing was ever told there. */
async function isUnheardOf(topic: Topic, { store }: FeatureContext): Promise<boolean> {
  const { last } = await store.ends();
  const told = await store.replay([topic], null, { after: 0, upTo: last, limit: 1 });
  if (told.length > 0 || (await store.floor([topic], null)) > 0) return false;
  return (await store.messages(topic, { limit: 1 })).items.length === 0;
}
