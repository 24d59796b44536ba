import { refuse } from "../core/errors.ts";
import type { FocusState, Json } from "../core/event.ts";
import { actorOf } from "../core/principal.ts";
import { focusTopic } from "../core/topic.ts";
import { defineFeature, write } from "./feature.ts";
import { after } from "./lib/after.ts";
import { isAnonymous, senderOf } from "./lib/sender.ts";

/** Focus sessions: what a participant says to the others, and what the session remembers of it. */
export const focus = defineFeature({
  /** Free-form JSON, live, told with the session's state as it is now. */
  "focus.relay": {
    run({ session_id, payload }, { who, listener, store }) {
      const topic = focusTopic(session_id);
      if (isAnonymous(who) || !listener?.holds(topic)) return refuse("NOT_IN_ROOM");
      return after(store.focus(session_id), (stored) => {
        const { status, current_task_id } = stored ?? FRESH;
        const data = {
          session_id,
          user: senderOf(who),
          status,
          current_task_id,
          action: actionOf(payload),
          data: payload,
        };
        return {
          reply: {},
          live: [{ kind: "focus.relayed", topics: [topic], recipients: null, actor: actorOf(who), data }],
        };
      });
    },
  },

  "focus.update": {
    run(args, { who, listener, access }) {
      if (isAnonymous(who)) return refuse("FORBIDDEN");
      const topic = focusTopic(args.session_id);
      const update = () => write("focus.update", { ...args, user: senderOf(who) });
      if (listener?.holds(topic)) return update();
      return after(access.may(who, topic, "send"), (grant) =>
        grant === null ? refuse("FORBIDDEN") : update(),
      );
    },
  },
});

/** A session that nobody stored. */
const FRESH: Pick<FocusState, "status" | "current_task_id"> = { status: "active", current_task_id: null };

const MAX_ACTION_LENGTH = 64;

/** The JSON's own `action` where it is a short text. */
function actionOf(payload: Json): string {
  if (typeof payload !== "object" || payload === null || !("action" in payload)) return "message";
  const { action } = payload;
  return typeof action === "string" && action.length <= MAX_ACTION_LENGTH ? action : "message";
}
