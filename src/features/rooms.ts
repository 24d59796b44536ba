import { refuse, type Refusal } from "../core/errors.ts";
import { actorOf, isPrivileged } from "../core/principal.ts";
import { EVERYONE, idOf, typeOf, workspaceTopic, type Topic } from "../core/topic.ts";
import { defineFeature, write, type FeatureContext } from "./feature.ts";
import { refuseNaming } from "./lib/naming.ts";
import { isInside, notFound, owns, refuseStranger } from "./lib/ownership.ts";
import { isAnonymous } from "./lib/sender.ts";

/** Rooms: where they belong, who is a member, who is there. */
export const rooms = defineFeature({
  "room.put": {
    async run({ topic, workspace_id }, context) {
      if (!hasMembers(topic) || typeOf(topic) === "workspace") return refuse("BAD_ROOM");
      const refusal = await refusePlacing(topic, workspace_id, context);
      return refusal ?? write("room.put", { topic, workspace_id });
    },
  },

  "room.list": {
    async run(page, { who, store }) {
      if (isAnonymous(who)) return refuse("FORBIDDEN");
      return { reply: await store.roomList(isPrivileged(who) ? null : who.id, page) };
    },
  },

  "member.list": {
    async run({ topic, ...page }, context) {
      const { who, store, access } = context;
      if (!hasMembers(topic)) return refuse("BAD_ROOM");
      if (!(await isKnown(topic, context))) return notFound(topic);
      if ((await access.may(who, topic, "read")) === null) return notFound(topic);
      if (!(await isInside(context, topic, "read")))
        return refuse("FORBIDDEN", "Only members may see who the members are");
      return { reply: await store.members(topic, page) };
    },
  },

  "member.put": {
    async run({ topic, user_id, role }, context) {
      if (!hasMembers(topic)) return refuse("BAD_ROOM");
      if (!(await isKnown(topic, context))) return notFound(topic);
      if (!(await owns(context, topic))) return refuseStranger(context, topic);
      return write("member.put", { topic, user_id, role, actor: actorOf(context.who) });
    },
  },

  /** Anybody may leave for himself. */
  "member.remove": {
    async run({ topic, user_id }, context) {
      const { who } = context;
      if (!hasMembers(topic)) return refuse("BAD_ROOM");
      if (!(await isKnown(topic, context))) return notFound(topic);
      const leaves = who.kind === "user" && who.id === user_id;
      if (!leaves && !(await owns(context, topic))) return refuseStranger(context, topic);
      return write("member.remove", { topic, user_id, actor: actorOf(who) });
    },
  },

  "presence.users": {
    run: (_, { who, presence }) =>
      isAnonymous(who) ? refuse("FORBIDDEN") : { reply: { users: presence.users() } },
  },

  "presence.user": {
    run: ({ user_id }, { who, presence }) =>
      isAnonymous(who) ? refuse("FORBIDDEN") : { reply: { connected: presence.isConnected(user_id) } },
  },

  "presence.room": {
    async run({ topic }, { who, access, presence }) {
      if ((await access.may(who, topic, "read")) === null) return refuse("FORBIDDEN");
      return { reply: { users: presence.usersIn(topic) } };
    },
  },

  "presence.audience": {
    run(_, { who, presence, settings }) {
      if (settings.diary !== "open" && isAnonymous(who)) return refuse("FORBIDDEN");
      return { reply: presence.audience() };
    },
  },
});

/** A user's own topic and everyone's have no members. */
const hasMembers = (topic: Topic): boolean => topic !== EVERYONE && typeOf(topic) !== "user";

/** Only workspaces must be stored; a room is made by its first member. */
async function isKnown(topic: Topic, { store }: FeatureContext): Promise<boolean> {
  return typeOf(topic) !== "workspace" || (await store.workspace(idOf(topic))) !== null;
}

/**
 * Placing a room opens it to a workspace. It takes the owner of that workspace, and, where the
 * room is stored already, its owner too; where it is not, nobody else's may it be: nobody draws
 * another's room into his own workspace.
 */
async function refusePlacing(
  topic: Topic,
  workspaceId: string | null,
  context: FeatureContext,
): Promise<Refusal | null> {
  const { who, store } = context;
  if (workspaceId !== null && (await store.workspace(workspaceId)) === null)
    return notFound(workspaceTopic(workspaceId));
  if (isPrivileged(who)) return null;
  if (workspaceId !== null && !(await owns(context, workspaceTopic(workspaceId))))
    return refuseStranger(context, workspaceTopic(workspaceId));
  const stored =
    (await store.room(topic)) !== null ||
    (typeOf(topic) === "task" && (await store.task(idOf(topic))) !== null);
  if (!stored && workspaceId !== null) return refuseNaming(topic, context);
  return stored && (await owns(context, topic)) ? null : refuseStranger(context, topic);
}
