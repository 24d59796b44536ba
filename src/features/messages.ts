import { refuse } from "../core/errors.ts";
import { actorOf, isPrivileged } from "../core/principal.ts";
import { EVERYONE, typeOf } from "../core/topic.ts";
import { defineFeature, write, type FeatureContext } from "./feature.ts";
import { actsFor, isAnonymous, senderOf, whereHeard } from "./lib/sender.ts";

/** Messages in rooms: sent by whoever is in the room or may be, changed by their author or an admin. */
export const messages = defineFeature({
  "message.send": {
    run({ topic, content, metadata, mustBeIn }, context) {
      const { who, listener } = context;
      if (isAnonymous(who)) return refuse("FORBIDDEN");
      if (topic === EVERYONE) return refuse("BAD_ROOM");
      if (typeOf(topic) === "user" && !actsFor(who, topic.slice("user:".length))) return refuse("FORBIDDEN");
      if (mustBeIn && (listener?.grantOf(topic) ?? null) === null) return refuse("NOT_IN_ROOM");
      return whereHeard(context, topic, () =>
        write("message.send", { topic, content, metadata, actor: senderOf(who) }),
      );
    },
  },

  "message.list": {
    async run({ topic, ...page }, { who, access, store }) {
      if ((await access.may(who, topic, "read")) === null) return refuse("FORBIDDEN");
      return { reply: await store.messages(topic, page) };
    },
  },

  "message.edit": {
    async run({ message_id, content }, context) {
      if (!(await isWithinReach(message_id, context))) return refuse("NOT_FOUND", "Message not found");
      return write("message.edit", { message_id, content, editor: editorOf(context) });
    },
  },

  "message.delete": {
    async run({ message_id }, context) {
      if (!(await isWithinReach(message_id, context))) return refuse("NOT_FOUND", "Message not found");
      return write("message.delete", { message_id, editor: editorOf(context) });
    },
  },
});

/** A message of a room that the caller may not write to is not to be known of. */
async function isWithinReach(messageId: number, { who, store, access }: FeatureContext): Promise<boolean> {
  if (isAnonymous(who)) return false;
  const message = await store.message(messageId);
  return message !== null && (await access.may(who, message.topic, "send")) !== null;
}

const editorOf = ({ who }: FeatureContext) => ({ actor: actorOf(who), privileged: isPrivileged(who) });
