import type { CommandReply, NoticeArgs } from "../core/command.ts";
import { refuse } from "../core/errors.ts";
import { actorOf, isPrivileged } from "../core/principal.ts";
import { EVERYONE, idOf, typeOf, userTopic } from "../core/topic.ts";
import { defineFeature, write, type FeatureContext, type Outcome } from "./feature.ts";
import { noticeData } from "./lib/notice.ts";
import { actsFor, isAnonymous } from "./lib/sender.ts";

/** Notifications for one user or for whoever is in a room; stored whether anybody hears them now or not. */
export const inbox = defineFeature({
  "notify.user": {
    run: ({ user_id, inRoom, notice }, context) =>
      notifyUser(user_id, inRoom, notice, context, (notification_id) => ({
        delivered: context.presence.isConnected(user_id),
        notification_id,
      })),
  },

  /** A user's own room is that user, connected or not. */
  "notify.room": {
    run({ topic, notice }, context): Outcome<CommandReply<"notify.room">> {
      const { who, presence } = context;
      if (topic === EVERYONE) return refuse("BAD_ROOM");
      if (typeOf(topic) === "user")
        return notifyUser(idOf(topic), true, notice, context, () => ({
          count: presence.isConnected(idOf(topic)) ? 1 : 0,
        }));
      if (!isPrivileged(who)) return refuse("FORBIDDEN", ONLY_ADMINS_NOTIFY);
      const recipients = presence.usersIn(topic);
      return write(
        "notification.add",
        { topics: [topic], recipients, actor: actorOf(who), data: noticeData(notice, { room: topic }) },
        () => ({ count: recipients.length }),
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
});

const ONLY_ADMINS_NOTIFY = "Only admins can notify others";

function notifyUser<R>(
  userId: string,
  inRoom: boolean,
  notice: NoticeArgs,
  { who }: FeatureContext,
  reply: (notificationId: number) => R,
): Outcome<R> {
  if (!actsFor(who, userId)) return refuse("FORBIDDEN", ONLY_ADMINS_NOTIFY);
  const data = noticeData(notice, { room: inRoom ? userTopic(userId) : null });
  return write(
    "notification.add",
    { topics: [], recipients: [userId], actor: actorOf(who), data },
    ({ notification_id }) => reply(notification_id),
  );
}
