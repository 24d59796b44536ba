import { expect, test } from "bun:test";
import { ManualClock, type Clock } from "../../src/core/clock.ts";
import type { MaybePromise } from "../../src/core/command.ts";
import { isRefusal, type Refusal } from "../../src/core/errors.ts";
import type { JsonObject, NotificationData, Publication } from "../../src/core/event.ts";
import type { Actor } from "../../src/core/principal.ts";
import type { Topic } from "../../src/core/topic.ts";
import type { OpArgs, OpFault, OpName, OpResult, OpValue, Store, Write } from "../../src/store/store.ts";

/** What the suite needs of an adapter, and what no op can do yet. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly task: (task: SeedTask) => MaybePromise<void>;
  readonly focusIn: (sessionId: string, workspaceId: string) => MaybePromise<void>;
  readonly floor: (topic: Topic, eventId: number) => MaybePromise<void>;
  readonly deleteFromInbox: (userId: string, eventId: number) => MaybePromise<void>;
}

export interface SeedTask {
  readonly id: string;
  readonly workspaceId: string | null;
  readonly title?: string;
  readonly status?: string;
  readonly dueDate?: string;
  readonly userId?: string;
  readonly creatorId?: string;
  readonly deleted?: boolean;
}

/** Opens an empty store. */
export type OpenStore = (clock: Clock) => MaybePromise<StoreUnderTest>;

export interface Scene extends StoreUnderTest {
  readonly clock: ManualClock;
  /** Commits one write that must succeed. */
  readonly does: <O extends OpName>(
    op: O,
    args: OpArgs<O>,
  ) => Promise<{ value: OpValue<O>; events: readonly Publication[] }>;
  /** Commits one write that must be refused. */
  readonly refuses: <O extends OpName>(
    op: O,
    args: OpArgs<O>,
  ) => Promise<Pick<Refusal, "refused" | "detail">>;
}

/** A test with an empty store, which is closed afterwards. */
export function storeTest(name: string, open: OpenStore, body: (scene: Scene) => MaybePromise<void>): void {
  test(name, async () => {
    const clock = new ManualClock();
    const opened = await open(clock);
    const { store } = opened;
    try {
      await body({
        ...opened,
        clock,
        async does(op, args) {
          const result = resultOf((await store.commit([write(op, args)]))[0]);
          if (isRefusal(result.value)) throw new Error(`${op} was refused: ${result.value.detail}`);
          return { value: result.value as OpValue<typeof op>, events: result.events };
        },
        async refuses(op, args) {
          const before = await store.ends();
          const result = resultOf((await store.commit([write(op, args)]))[0]);
          expect(result.events).toEqual([]);
          expect(await store.ends()).toEqual(before);
          if (!isRefusal(result.value)) throw new Error(`${op} was not refused`);
          return { refused: result.value.refused, detail: result.value.detail };
        },
      });
    } finally {
      await store.close();
    }
  });
}

export const write = <O extends OpName>(op: O, args: OpArgs<O>): Write => ({ op, args }) as unknown as Write;

export function resultOf(result: OpResult | OpFault | undefined): OpResult {
  if (result === undefined || "fault" in result) throw new Error("the op failed", { cause: result?.fault });
  return result;
}

export const EVE: Actor = { id: "5", username: "Eve" };
export const ADA: Actor = { id: "7", username: "Ada" };
export const BOB: Actor = { id: "9", username: "Bob" };

/** No JSON: an op that stores it throws. */
export const POISON = { oops: 1n } as unknown as JsonObject;

export const notice = (more: Partial<NotificationData> = {}): NotificationData => ({
  title: "Notification",
  content: "Coffee is ready",
  level: "info",
  notification_type: "info",
  related_entity_type: null,
  related_entity_id: null,
  data: {},
  link: null,
  priority: "normal",
  room: null,
  task: null,
  ...more,
});

export const told = (topic: Topic, content: string, actor = EVE): Write =>
  write("message.send", { topic, content, metadata: {}, actor });

export const taskTold = (more: Partial<OpArgs<"task.tell">>): OpArgs<"task.tell"> => ({
  task_id: "42",
  title: "Water the plants",
  action: "updated",
  workspace_id: null,
  topics: [],
  actor: EVE,
  recipients: [],
  membersOf: null,
  mustBeMembers: [],
  ...more,
});

/** What is told, without id, time and actor. */
export interface Gist {
  readonly kind: string;
  readonly topics: readonly string[];
  readonly recipients: readonly string[] | null;
  readonly data: unknown;
}

export const gist = (events: readonly Publication[]): Gist[] =>
  events.map(({ kind, topics, recipients, data }) => ({ kind, topics, recipients, data }));

/** Retention that lets everything stay. */
export const NOTHING = {
  eventsBefore: null,
  eventsMax: null,
  notificationsBefore: null,
  notificationsMax: null,
  securityBefore: null,
  securityMax: null,
};

export const ALL = { after: 0, upTo: Number.MAX_SAFE_INTEGER, limit: 1_000 };
