import { command, type CommandArgs, type CommandReply } from "../core/command.ts";
import { refuse, type Refusal } from "../core/errors.ts";
import { actorOf, isPrivileged, type Principal } from "../core/principal.ts";
import { EVERYONE, idOf, typeOf, userTopic } from "../core/topic.ts";
import { defineFeature, write, type FeatureContext, type Outcome } from "./feature.ts";
import { nowOrLater } from "./lib/later.ts";
import { noticeData } from "./lib/notice.ts";
import { actsFor, isAnonymous } from "./lib/sender.ts";

/**
 * Notifications for one user or for whoever is in a room, stored whether anybody hears them now
 * or not; and the inbox where each user finds his own.
 */
export const inbox = defineFeature({
  "notify.user": {
    run: (args, context) =>
      notifyUser(args, context, (heard, notification_id) => ({ delivered: heard > 0, notification_id })),
  },

  /** A user's own room is that user, connected or not. */
  "notify.room": {
    run({ topic, notice }, context): Outcome<CommandReply<"notify.room">> {
      const { who, presence } = context;
      if (topic === EVERYONE) return refuse("BAD_ROOM");
      if (typeOf(topic) === "user")
        return notifyUser({ user_id: idOf(topic), inRoom: true, notice }, context, (count) => ({ count }));
      if (!isPrivileged(who)) return refuse("FORBIDDEN", ONLY_ADMINS_NOTIFY);
      const recipients = presence.usersIn(topic);
      const data = noticeData(notice, { room: topic });
      return nowOrLater(
        command("notify.room", { topic, notice }),
        { op: "notification.add", args: { topics: [topic], recipients, actor: actorOf(who), data } },
        recipients.length,
        context,
        (count) => ({ count }),
      );
    },
  },

  "system.tell": {
    run({ title, content, user_id, data }, { who }) {
      if (isAnonymous(who)) return refuse("FORBIDDEN");
      const target = user_id ?? actorOf(who)?.id;
      if (target === undefined) return refuse("NO_TARGET");
      if (!actsFor(who, target))
        return refuse("FORBIDDEN", "Only admins can send system notifications to other users");
      return write("notification.add", {
        topics: [],
        recipients: [target],
        actor: actorOf(who),
        data: noticeData({ message: content, title, data }),
      });
    },
  },

  "inbox.list": {
    async run({ user_id, ...page }, { who, store }) {
      if (user_id === undefined) return refuseOthers(who) ?? { reply: await store.inbox(who.id, page) };
      if (!actsFor(who, user_id)) return refuse("FORBIDDEN");
      return { reply: await store.inbox(user_id, page) };
    },
  },

  "inbox.count": {
    run: async (_args, { who, store }) =>
      refuseOthers(who) ?? { reply: { count: await store.unread(who.id) } },
  },

  "inbox.read": {
    run: ({ id }, { who }) => refuseOthers(who) ?? write("inbox.read", { user_id: who.id, ids: [id] }),
  },

  "inbox.read_all": {
    run: (_args, { who }) => refuseOthers(who) ?? write("inbox.read", { user_id: who.id, ids: null }),
  },

  "inbox.delete": {
    run: ({ id }, { who }) => refuseOthers(who) ?? write("inbox.delete", { user_id: who.id, id }, () => ({})),
  },
});

const ONLY_ADMINS_NOTIFY = "Only admins can notify others";

/** An inbox is its user's alone. */
function refuseOthers(who: Principal): Refusal | null {
  if (who.kind === "key") return refuse("NO_TARGET", "A service key has no inbox.");
  return isAnonymous(who) ? refuse("FORBIDDEN") : null;
}

function notifyUser<R>(
  args: CommandArgs<"notify.user">,
  context: FeatureContext,
  reply: (heard: number, notificationId: number | null) => R,
): Outcome<R> {
  const { who, presence } = context;
  const { user_id, inRoom, notice } = args;
  if (!actsFor(who, user_id)) return refuse("FORBIDDEN", ONLY_ADMINS_NOTIFY);
  const data = noticeData(notice, { room: inRoom ? userTopic(user_id) : null });
  return nowOrLater(
    command("notify.user", args),
    { op: "notification.add", args: { topics: [], recipients: [user_id], actor: actorOf(who), data } },
    presence.isConnected(user_id) ? 1 : 0,
    context,
    reply,
  );
}
