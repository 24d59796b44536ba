import { refuse } from "../core/errors.ts";
import { actorOf, isPrivileged } from "../core/principal.ts";
import { EVERYONE } from "../core/topic.ts";
import { defineFeature, write } from "./feature.ts";
import { noticeData } from "./lib/notice.ts";
import { isAnonymous, senderOf } from "./lib/sender.ts";

/** What is told to everybody: kept announcements, and a user's live broadcast. */
export const announcements = defineFeature({
  /** Nobody connected: nothing stored, and zeros as the answer. */
  "announcement.make": {
    run({ message }, { who, presence, settings }) {
      if (settings.diary !== "open" && !isPrivileged(who)) return refuse("FORBIDDEN");
      const before = presence.audience();
      if (before.users.length === 0) return { reply: { users: 0, sockets: 0 } };
      const inbox = settings.announcements === "inbox";
      return write("announcement.add", { actor: actorOf(who), data: noticeData({ message }), inbox }, () => {
        // It is stored by now: whoever left meanwhile must not turn the answer into "nobody".
        const now = presence.audience();
        const heard = now.users.length === 0 ? before : now;
        return { users: heard.users.length, sockets: heard.sockets };
      });
    },
  },

  "notify.everyone": {
    privileged: true,
    run({ notice }, { who, presence, settings }) {
      const inbox = settings.announcements === "inbox";
      return write("announcement.add", { actor: actorOf(who), data: noticeData(notice), inbox }, () => ({
        count: presence.audience().users.length,
      }));
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
