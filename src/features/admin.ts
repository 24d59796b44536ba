import type { PersonView, RoomSurvey, UserView } from "../core/admin.ts";
import type { Page, PageArgs } from "../core/command.ts";
import { packCursor, unpackCursor } from "../core/cursor.ts";
import { refuse } from "../core/errors.ts";
import { idOf, typeOf, type Topic } from "../core/topic.ts";
import { defineFeature, type FeatureContext } from "./feature.ts";

/** The running server, for admins and keys: its figures, its sockets, who is where. */
export const admin = defineFeature({
  "stats.get": {
    privileged: true,
    async run({ seconds }, { oversight, store }) {
      const stats = oversight.stats(seconds);
      const { first } = await store.ends();
      return { reply: { ...stats, first_event_id: first, store: await store.size() } };
    },
  },

  "settings.list": {
    privileged: true,
    run: (_, { oversight: { office } }) => ({
      reply: { groups: office.settings(), commands: office.commands() },
    }),
  },

  "connection.list": {
    privileged: true,
    run: (page, { oversight }) => ({ reply: oversight.connections(page) }),
  },

  "connection.get": {
    privileged: true,
    run: ({ id }, { oversight }) => {
      const reply = oversight.connection(id);
      return reply === null ? noConnection() : { reply };
    },
  },

  "connection.close": {
    privileged: true,
    run({ id }, { oversight, who, address }) {
      const closed = oversight.close(id);
      if (closed === null) return noConnection();
      const detail = `connection ${id} (${closed.dialect} ${closed.endpoint}) of ${closed.kind} ${closed.username}`;
      oversight.noteAct({ who, address, name: "connection.close", detail });
      return { reply: {} };
    },
  },

  "user.disconnect": {
    privileged: true,
    run({ user_id }, { oversight, who, address }) {
      const count = oversight.disconnect(user_id);
      const detail = `user ${user_id}: ${count} ${count === 1 ? "connection" : "connections"}`;
      oversight.noteAct({ who, address, name: "user.disconnect", detail });
      return { reply: { count } };
    },
  },

  "user.list": {
    privileged: true,
    async run(page, context) {
      await context.oversight.caughtUp();
      const { items, next } = await context.store.users(page);
      return { reply: { items: await Promise.all(items.map((user) => personOf(user, context))), next } };
    },
  },

  "user.get": {
    privileged: true,
    async run({ id }, context) {
      await context.oversight.caughtUp();
      const user = await context.store.user(id);
      if (user === null) return refuse("NOT_FOUND", "No such user was ever here.");
      const memberships = await context.store.memberships(id);
      return { reply: { ...(await personOf(user, context)), memberships } };
    },
  },

  "room.survey": {
    privileged: true,
    run: async (page, context) => ({ reply: await survey(page, context) }),
  },
});

const noConnection = () => refuse("NOT_FOUND", "There is no such connection now.");

const personOf = async (user: UserView, { store, presence }: FeatureContext): Promise<PersonView> => ({
  ...user,
  connected: presence.isConnected(user.id),
  unread: await store.unread(user.id),
});

/** Empty rooms are found by reading names; so often for one page. */
const MAX_READS = 4;

/**
 * First the rooms that somebody is in, then the others that are stored or have messages, each by
 * name. A page of the others may be short, because those that somebody is in are left out.
 */
async function survey({ limit, cursor }: PageArgs, context: FeatureContext): Promise<Page<RoomSurvey>> {
  const [part, place = ""] = cursor === undefined ? ["in"] : (unpackCursor(cursor) ?? []);
  const after = String(place);
  if (part === "empty") return emptyRooms(limit, after, context);
  if (part !== "in") return { items: [], next: null };
  const rooms = context.oversight.occupied(after, limit + 1);
  const items = await Promise.all(rooms.slice(0, limit).map((room) => surveyed(room, context)));
  if (rooms.length > limit) return { items, next: packCursor(["in", items.at(-1)?.room ?? ""]) };
  if (items.length === limit) return { items, next: packCursor(["empty"]) };
  const rest = await emptyRooms(limit - items.length, "", context);
  return { items: [...items, ...rest.items], next: rest.next };
}

async function emptyRooms(limit: number, from: string, context: FeatureContext): Promise<Page<RoomSurvey>> {
  const { store, oversight } = context;
  const items: RoomSurvey[] = [];
  let after = from;
  for (let reads = 0; reads < MAX_READS && items.length < limit; reads++) {
    const size = limit - items.length;
    const names = await store.roomNames(after, size);
    const empty = names.filter((room) => oversight.census(room).sockets === 0);
    items.push(...(await Promise.all(empty.map((room) => surveyed(room, context)))));
    if (names.length < size) return { items, next: null };
    after = names.at(-1) ?? after;
  }
  return { items, next: packCursor(["empty", after]) };
}

async function surveyed(room: Topic, { oversight, store }: FeatureContext): Promise<RoomSurvey> {
  const stored = await store.room(room);
  const home = await homeOf(room, store);
  const isKnown = stored !== null || home !== undefined;
  return {
    room,
    ...oversight.census(room),
    stored: isKnown || (await store.messages(room, { limit: 1 })).items.length > 0,
    workspace_id: home ?? stored?.workspace_id ?? null,
  };
}

/** The workspace of the stored thing whose room it is; undefined where no such thing is stored. */
async function homeOf(room: Topic, store: FeatureContext["store"]): Promise<string | null | undefined> {
  const id = idOf(room);
  switch (typeOf(room)) {
    case "workspace":
      return (await store.workspace(id))?.id;
    case "task":
      return (await store.task(id))?.workspace_id;
    case "focus":
      return (await store.focusView(id))?.workspace_id;
    default:
      return undefined;
  }
}
