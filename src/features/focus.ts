import type { CommandReply, MaybePromise } from "../core/command.ts";
import { refuse } from "../core/errors.ts";
import type { FocusState, Json } from "../core/event.ts";
import { actorOf, isPrivileged } from "../core/principal.ts";
import { focusTopic, workspaceTopic } from "../core/topic.ts";
import { defineFeature, type Outcome, write } from "./feature.ts";
import { after } from "./lib/after.ts";
import { refuseNaming } from "./lib/naming.ts";
import { notFound } from "./lib/ownership.ts";
import { isAnonymous, senderOf, whereHeard } from "./lib/sender.ts";

/** Focus sessions: what a participant says to the others, and what the session remembers of it. */
export const focus = defineFeature({
  /** The creator owns it; what a key creates belongs to nobody. */
  "focus.create": {
    async run({ id, title, workspace_id }, context) {
      const { who, access } = context;
      if (isAnonymous(who)) return refuse("FORBIDDEN");
      const home = workspace_id === null ? null : workspaceTopic(workspace_id);
      if (home !== null && (await access.may(who, home, "send")) === null) return notFound(home);
      const refusal = id === null ? null : await refuseNaming(focusTopic(id), context);
      if (refusal !== null) return refusal;
      return write("focus.create", { id, title, workspace_id, actor: actorOf(who) });
    },
  },

  "focus.list": {
    async run(page, { who, store }) {
      if (isAnonymous(who)) return refuse("FORBIDDEN");
      return { reply: await store.focusList(isPrivileged(who) ? null : who.id, page) };
    },
  },

  "focus.get": {
    async run({ id }, { who, access, store }) {
      const topic = focusTopic(id);
      if ((await access.may(who, topic, "read")) === null) return notFound(topic);
      const session = await store.focusView(id);
      return session === null ? notFound(topic) : { reply: session };
    },
  },

  "focus.patch": {
    async run(args, { who, access }) {
      const topic = focusTopic(args.id);
      if ((await access.may(who, topic, "send")) === null) return notFound(topic);
      return write("focus.patch", { ...args, user: senderOf(who) });
    },
  },

  /** Free-form JSON, live, told with the session's state as it is now. */
  "focus.relay": {
    run({ session_id, payload }, context) {
      const { who, listener, store } = context;
      const topic = focusTopic(session_id);
      if (isAnonymous(who) || (listener?.grantOf(topic) ?? null) === null) return refuse("NOT_IN_ROOM");
      const relay = (): MaybePromise<Outcome<CommandReply<"focus.relay">>> =>
        after(store.focus(session_id), (stored) => {
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
      return whereHeard(context, topic, relay);
    },
  },

  "focus.update": {
    run(args, context) {
      const { who } = context;
      if (isAnonymous(who)) return refuse("FORBIDDEN");
      const topic = focusTopic(args.session_id);
      return whereHeard(context, topic, () => write("focus.update", { ...args, user: senderOf(who) }));
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
