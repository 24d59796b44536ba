import { refuse, type Refusal } from "../core/errors.ts";
import type { NotificationData } from "../core/event.ts";
import { actorOf, isPrivileged } from "../core/principal.ts";
import { workspaceTopic } from "../core/topic.ts";
import { defineFeature, write, type FeatureContext } from "./feature.ts";
import { refuseNaming } from "./lib/naming.ts";
import { isInside, notFound, owns, refuseStranger } from "./lib/ownership.ts";
import { isAnonymous } from "./lib/sender.ts";

/** Workspaces: known to those who have access, changed by their owner, an admin or a key. */
export const workspaces = defineFeature({
  /** The creator is owner and member; what a key creates belongs to nobody. */
  "workspace.create": {
    async run({ id, name }, context) {
      const { who, store } = context;
      if (isAnonymous(who)) return refuse("FORBIDDEN");
      if (id !== null && (await store.workspace(id)) === null) {
        const refusal = await refuseNaming(workspaceTopic(id), context);
        if (refusal !== null) return refusal;
      }
      return write("workspace.create", { id, name, owner: actorOf(who) });
    },
  },

  "workspace.list": {
    async run(page, { who, store }) {
      if (isAnonymous(who)) return refuse("FORBIDDEN");
      return { reply: await store.workspaces(isPrivileged(who) ? null : who.id, page) };
    },
  },

  "workspace.get": {
    async run({ id }, { who, store, access }) {
      const topic = workspaceTopic(id);
      if ((await access.may(who, topic, "read")) === null) return notFound(topic);
      const workspace = await store.workspace(id);
      return workspace === null ? notFound(topic) : { reply: workspace };
    },
  },

  "workspace.update": {
    async run({ id, name }, context) {
      const refusal = await refuseOthers(id, context);
      return refusal ?? write("workspace.update", { id, name, actor: actorOf(context.who) });
    },
  },

  "workspace.archive": {
    async run({ id }, context) {
      const refusal = await refuseOthers(id, context);
      return refusal ?? write("workspace.archive", { id, actor: actorOf(context.who) });
    },
  },

  /** Existence is answered before access: a documented exception. */
  "workspace.tell": {
    async run(args, context) {
      const { who, store, access } = context;
      const { workspace_id, exclude } = args;
      if (isAnonymous(who)) return refuse("FORBIDDEN");
      const topic = workspaceTopic(workspace_id);
      // In the open mode a workspace that nobody stored exists too; it has no members to disturb.
      const mustExist = !access.open;
      const stored = (await store.workspace(workspace_id)) !== null;
      if (!stored && mustExist) return notFound(topic);
      if (stored && !(await isInside(context, topic, "notify")))
        return refuse("FORBIDDEN", "You don't have access to this workspace");

      const data: NotificationData = {
        title: args.title,
        content: args.content,
        level: null,
        notification_type: args.type,
        related_entity_type: args.related_entity_type,
        related_entity_id: args.related_entity_id,
        data: args.data,
        link: null,
        priority: null,
        room: null,
        task: null,
      };
      return write("workspace.tell", { workspace_id, exclude, actor: actorOf(who), data, mustExist });
    },
  },
});

async function refuseOthers(id: string, context: FeatureContext): Promise<Refusal | null> {
  const topic = workspaceTopic(id);
  if ((await context.store.workspace(id)) === null) return notFound(topic);
  return (await owns(context, topic)) ? null : refuseStranger(context, topic);
}
