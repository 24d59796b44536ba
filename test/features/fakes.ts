import { createAccess } from "../../src/access/rules.ts";
import type { KeyView, MembershipView, UserView } from "../../src/core/admin.ts";
import { ManualClock } from "../../src/core/clock.ts";
import type {
  CommandArgs,
  CommandReply,
  FocusView,
  InboxItem,
  MemberView,
  MessageView,
  Page,
  RoomView,
  TaskView,
  WorkspaceView,
} from "../../src/core/command.ts";
import type { FocusState, Json, Publication } from "../../src/core/event.ts";
import type { Principal } from "../../src/core/principal.ts";
import type { StoredSecurityEntry } from "../../src/core/security.ts";
import type { Topic } from "../../src/core/topic.ts";
import { FEATURES, type FeatureCommandName } from "../../src/features/all.ts";
import type {
  FeatureContext,
  FeatureSettings,
  Handler,
  Outcome,
  Oversight,
  Presence,
} from "../../src/features/feature.ts";
import type { LogEnds, Reads, StoredMessage } from "../../src/store/store.ts";
import { MemoryLog } from "../access/fakes.ts";

export { anonymous, key, person } from "../access/fakes.ts";

const unused = (): never => {
  throw new Error("no feature reads this");
};

/** What is stored, filled by a test. */
class MemoryReads implements Reads {
  readonly roles = new Map<string, string>();
  readonly stored = new Map<string, WorkspaceView>();
  readonly homes = new Map<Topic, string | null>();
  /** Task → its workspace. */
  readonly taskHomes = new Map<string, string | null>();
  readonly taskViews = new Map<string, TaskView>();
  readonly focusViews = new Map<string, FocusView>();
  readonly texts = new Map<number, StoredMessage>();
  readonly sessions = new Map<string, FocusState>();
  listedFor: string | null | undefined;

  addWorkspace(id: string, owner: string | null, ...members: string[]): void {
    this.stored.set(id, {
      id,
      name: `workspace ${id}`,
      owner_id: owner,
      archived: false,
      created_at: "2026-01-01T00:00:00.000Z",
    });
    if (owner !== null) this.addMember(`workspace:${id}`, owner, "owner");
    for (const member of members) this.addMember(`workspace:${id}`, member);
  }
  addMember(topic: Topic, userId: string, role = "member"): void {
    this.roles.set(`${userId} ${topic}`, role);
  }

  role = (userId: string, topic: Topic): string | null => this.roles.get(`${userId} ${topic}`) ?? null;
  membership(userId: string, topic: Topic): Topic | null {
    if (this.role(userId, topic) !== null) return topic;
    const home =
      this.homes.get(topic) ??
      (topic.startsWith("task:") ? this.taskHomes.get(topic.slice(5)) : null) ??
      null;
    return home !== null && this.role(userId, `workspace:${home}`) !== null ? `workspace:${home}` : null;
  }
  workspace = (id: string): WorkspaceView | null => this.stored.get(id) ?? null;
  workspaces = (userId: string | null): Page<WorkspaceView> => this.#listed(userId);
  members(topic: Topic): Page<MemberView> {
    const items = [...this.roles]
      .filter(([name]) => name.endsWith(` ${topic}`))
      .map(([name, role]) => {
        const user_id = name.split(" ")[0] ?? "";
        return { user_id, username: user_id, role, added_at: "2026-01-01T00:00:00.000Z" };
      });
    return { items, next: null };
  }
  room(topic: Topic): { workspace_id: string | null } | null {
    const home = this.homes.get(topic);
    return home === undefined ? null : { workspace_id: home };
  }
  message = (id: number): StoredMessage | null => this.texts.get(id) ?? null;
  task(id: string): { id: string; workspace_id: string | null } | null {
    const home = this.taskHomes.get(id);
    return home === undefined ? null : { id, workspace_id: home };
  }
  focus = (sessionId: string): FocusState | null => this.sessions.get(sessionId) ?? null;
  taskView = (id: string): TaskView | null => this.taskViews.get(id) ?? null;
  tasks(workspaceId: string): Page<TaskView> {
    return {
      items: [...this.taskViews.values()].filter((task) => task.workspace_id === workspaceId),
      next: null,
    };
  }
  messages = (): Page<MessageView> => ({ items: [], next: null });
  roomNames = (): Topic[] => [];
  roomList = (userId: string | null): Page<RoomView> => this.#listed(userId);
  focusView = (id: string): FocusView | null => this.focusViews.get(id) ?? null;
  focusList = (userId: string | null): Page<FocusView> => this.#listed(userId);
  #listed<T>(userId: string | null): Page<T> {
    this.listedFor = userId;
    return { items: [], next: null };
  }
  /** Unread notifications, a user. */
  readonly unreads = new Map<string, number>();
  inbox = (userId: string): Page<InboxItem> => this.#listed(userId);
  unread = (userId: string): number => this.unreads.get(userId) ?? 0;
  due = unused;
  key = unused;
  securityLog = (): Page<StoredSecurityEntry> => ({ items: [], next: null });
  readonly keysStored: KeyView[] = [];
  keys = (): readonly KeyView[] => this.keysStored;
  readonly people = new Map<string, UserView>();
  users = (): Page<UserView> => ({ items: [...this.people.values()], next: null });
  user = (id: string): UserView | null => this.people.get(id) ?? null;
  memberships = (userId: string): MembershipView[] =>
    [...this.roles]
      .filter(([name]) => name.startsWith(`${userId} `))
      .map(([name, role]) => ({ topic: name.split(" ")[1] as Topic, role }));
  size = unused;
  ends = (): LogEnds => ({ first: 1, last: 0 });
  events = unused;
  replay = (): Publication[] => [];
  floor = (): number => 0;
}

/** Who is where, filled by a test. */
class MemoryPresence implements Presence {
  readonly there = new Map<string, Topic[]>();
  claimed: string[] = [];

  isConnected = (userId: string): boolean => this.there.has(userId);
  users = (): string[] => [...this.there.keys()];
  usersIn = (topic: Topic): string[] =>
    [...this.there].filter(([, topics]) => topics.includes(topic)).map(([userId]) => userId);
  audience = () => ({
    users: [...this.users(), ...this.claimed],
    sockets: 2 * this.there.size + this.claimed.length,
  });
}

export function setUp({
  mode = "members",
  ...more
}: Partial<FeatureSettings> & { mode?: "members" | "open" } = {}) {
  const store = new MemoryReads();
  const presence = new MemoryPresence();
  const settings: FeatureSettings = {
    diary: "token",
    broadcast: "users",
    forbiddenJoin: "close",
    announcements: "live",
    ...more,
  };
  const clock = new ManualClock();
  const access = createAccess({
    mode,
    store,
    cacheSeconds: 0,
    clock,
    log: new MemoryLog(),
  });

  /** Runs a command as somebody; `holds` are the topics of the socket, none where it came by HTTP. */
  const run = async <N extends FeatureCommandName>(
    who: Principal,
    name: N,
    args: CommandArgs<N>,
    holds?: readonly Topic[],
  ): Promise<Outcome<CommandReply<N>>> => runAtOnce(who, name, args, holds);
  const runAtOnce = <N extends FeatureCommandName>(
    who: Principal,
    name: N,
    args: CommandArgs<N>,
    holds?: readonly Topic[],
  ) => {
    const listener =
      holds === undefined
        ? null
        : ({ grantOf: (topic: Topic) => (holds.includes(topic) ? "token" : null) } as const);
    const oversight = { office: {} } as Oversight;
    const address = null;
    const context: FeatureContext = {
      who,
      listener,
      address,
      store,
      access,
      presence,
      oversight,
      settings,
      clock,
    };
    const handler = FEATURES[name] as unknown as Handler<N>;
    return handler.run(args, context);
  };
  return { store, presence, settings, clock, run, runAtOnce };
}

/** The write of an outcome, or what came instead of it. */
export function written(outcome: Outcome<unknown>): unknown {
  return "write" in outcome ? outcome.write : outcome;
}

/** The answer that a write's value makes, with its own note or another, as of a repetition. */
export function settled(outcome: Outcome<unknown>, value: unknown, note?: Json): unknown {
  if (!("write" in outcome)) throw new Error(`nothing is written: ${JSON.stringify(outcome)}`);
  return outcome.settle({ value, events: [], note: note ?? outcome.write.note });
}

/** `CODE: detail` of a refusal, `ok` of anything else. */
export const refusal = (outcome: Outcome<unknown>): string =>
  "refused" in outcome ? `${outcome.refused}: ${outcome.detail}` : "ok";
/** Just the code. */
export const code = (outcome: Outcome<unknown>): string => ("refused" in outcome ? outcome.refused : "ok");

export const PAGE = { limit: 50 };
