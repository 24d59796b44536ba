import { command, type CommandReply } from "../core/command.ts";
import { isRefusal, refuse } from "../core/errors.ts";
import { actorOf, isPrivileged } from "../core/principal.ts";
import { EVERYONE } from "../core/topic.ts";
import { defineFeature } from "./feature.ts";
import { nowOrLater } from "./lib/later.ts";
import { noticeData } from "./lib/notice.ts";
import { isAnonymous, senderOf } from "./lib/sender.ts";

/** What is told to everybody: kept announcements, and a user's live broadcast. */
export const announcements = defineFeature({
  /** Nobody connected: nothing stored, and zeros as the answer. */
  "announcement.make": {
    run({ message }, { who, presence, settings }) {
      if (settings.diary !== "open" && !isPrivileged(who)) return refuse("FORBIDDEN");
      const { users, sockets } = presence.audience();
      const heard: CommandReply<"announcement.make"> = { users: users.length, sockets };
      const args = {
        actor: actorOf(who),
        data: noticeData({ message }),
        inbox: settings.announcements === "inbox",
        // The store says no, and not we: a repetition is answered as the first time was.
        ...(users.length === 0 ? { unheard: true } : {}),
      };
      return {
        write: { op: "announcement.add", args, note: { ...heard } },
        settle({ value, note }) {
          if (!isRefusal(value)) return note as typeof heard;
          return value.refused === "NOT_FOUND" ? { users: 0, sockets: 0 } : value;
        },
      };
    },
  },

  "notify.everyone": {
    privileged: true,
    run({ notice }, context) {
      const { who, presence, settings } = context;
      const inbox = settings.announcements === "inbox";
      return nowOrLater(
        command("notify.everyone", { notice }),
        { op: "announcement.add", args: { actor: actorOf(who), data: noticeData(notice), inbox } },
        presence.audience().users.length,
        context,
        (count) => ({ count }),
      );
    },
  },

  "user.broadcast": {
    run({ message }, { who, settings }) {
      if (isAnonymous(who)) return refuse("FORBIDDEN");
      if (settings.broadcast === "admins" && !isPrivileged(who))
        return refuse("FORBIDDEN", "Only admins can broadcast");
      const data = { message, user_id: senderOf(who).id };
      return {
        reply: {},
        live: [{ kind: "user.broadcast", topics: [EVERYONE], recipients: null, actor: actorOf(who), data }],
      };
    },
  },
});
