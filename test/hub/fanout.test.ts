import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { silentLog } from "../../src/app/log.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { Publication } from "../../src/core/event.ts";
import { createMeters } from "../../src/core/meters.ts";
import type { Topic } from "../../src/core/topic.ts";
import type { Dialect, SocketEndpoint } from "../../src/dialects/dialect.ts";
import { chat } from "../../src/dialects/chat/index.ts";
import { native } from "../../src/dialects/native/index.ts";
import { Connection } from "../../src/hub/connection.ts";
import { Fanout } from "../../src/hub/fanout.ts";
import { Registry } from "../../src/hub/registry.ts";
import { Sweeper } from "../../src/hub/sweeper.ts";
import { Watch } from "../../src/hub/watch.ts";
import type { Socket } from "../../src/runtime/runtime.ts";

/** A server whose wire topics fix their recipients at publish time, as Bun's do. */
class FakeServer {
  readonly topics = new Map<string, Set<FakeSocket>>();
  publish(wireTopic: string, frame: string): number {
    for (const socket of this.topics.get(wireTopic) ?? [])
      socket.heard.push(JSON.parse(frame) as { event_id?: number });
    return 1;
  }
}

class FakeSocket implements Socket {
  readonly heard: { event_id?: number }[] = [];
  readonly #server: FakeServer;
  constructor(server: FakeServer) {
    this.#server = server;
  }
  send = (): number => 1;
  close = (): void => {};
  getBufferedAmount = (): number => 0;
  cork = <R>(callback: () => R): R => callback();
  subscribe(topic: string): void {
    this.#server.topics.set(topic, (this.#server.topics.get(topic) ?? new Set()).add(this));
  }
  unsubscribe(topic: string): void {
    this.#server.topics.get(topic)?.delete(this);
  }
}

const who = {
  kind: "user",
  id: "1",
  username: "u",
  admin: true,
  rooms: [],
  workspaces: [],
  expiresAt: Infinity,
} as const;

function world() {
  const server = new FakeServer();
  const registry = new Registry([chat, native]);
  const meters = createMeters();
  const watch = new Watch();
  const fanout = new Fanout({
    registry,
    sweeper: new Sweeper(meters, 512 << 10),
    meters,
    log: silentLog,
    watch,
  });
  fanout.server = server;
  const services = {
    clock: systemClock,
    settings: { diary: "open", broadcast: "users", forbiddenJoin: "close" },
    meters,
    tap: watch,
    strained() {},
  } as const;
  function listen(dialect: Dialect, topics: readonly Topic[], resumes: boolean): FakeSocket {
    const at = dialect.sockets[0] as SocketEndpoint;
    const connection = new Connection({
      id: 1,
      services,
      dialect,
      at,
      who,
      path: null,
      address: "",
      slot: "",
      cursor: resumes ? 0 : undefined,
      direct: false,
    });
    const socket = new FakeSocket(server);
    connection.socket = socket;
    registry.enter(connection);
    for (const topic of topics) {
      connection.topics.push(topic);
      registry.hold(connection, topic);
      registry.live(connection, topic);
    }
    return socket;
  }
  return { fanout, meters, listen };
}

const told = (topics: readonly Topic[], recipients: readonly string[] | null = null): Publication => ({
  id: 9,
  kind: "task.deleted",
  at: "2026-01-01T00:00:00.000Z",
  topics,
  recipients,
  actor: null,
  data: {
    task_id: "7",
    action: "deleted",
    title: "T",
    task: {
      title: null,
      description: null,
      status: null,
      priority: null,
      due_date: null,
      workspace_id: null,
      user_id: null,
      assignee: null,
      creator: null,
    },
    changes: {},
    notification_id: 9,
  },
});

const TOPICS: readonly Topic[] = ["workspace:1", "task:7", "channel:2"];
const USERS = ["1", "2", "3"];

describe("the fan-out", () => {
  test("however many listen, an event is encoded once a dialect", () => {
    const { fanout, meters, listen } = world();
    const sockets = Array.from({ length: 1000 }, (_, i) =>
      listen(i % 2 === 0 ? chat : native, ["workspace:1"], i % 3 === 0),
    );
    fanout.tell(told(["workspace:1"]));
    expect(meters.encodings).toBe(2);
    expect(sockets.every((socket) => socket.heard.length === 1)).toBe(true);
  });

  test("a dialect that nobody speaks is not encoded", () => {
    const { fanout, meters, listen } = world();
    listen(chat, ["channel:2"], false);
    fanout.tell(told(["workspace:1"]));
    expect(meters.encodings).toBe(0);
  });

  test("event_id is added for those who resume, without a second encoding", () => {
    const { fanout, meters, listen } = world();
    const plain = listen(chat, ["task:7"], false);
    const resuming = listen(chat, ["task:7"], true);
    fanout.tell(told(["task:7"]));
    expect(plain.heard[0]).not.toHaveProperty("event_id");
    expect(resuming.heard[0]?.event_id).toBe(9);
    expect(meters.encodings).toBe(1);
  });

  test("a socket in several topics of an event hears it by the first", () => {
    const { fanout, listen } = world();
    const both = listen(chat, ["task:7", "workspace:1"], false);
    const task = listen(chat, ["task:7"], false);
    fanout.tell(told(["workspace:1", "task:7"]));
    expect(both.heard).toMatchObject([{ room: "project:1" }]);
    expect(task.heard).toMatchObject([{ room: "task:7" }]);
  });

  test("whatever a socket listens to, it hears an event of its topics exactly once, and stays subscribed", () => {
    const topics = fc.subarray([...TOPICS, ...USERS.map((user) => `user:${user}` as Topic), "*" as Topic]);
    const listeners = fc.array(fc.record({ topics, resumes: fc.boolean() }), { maxLength: 8 });
    const event = fc.record({ topics: fc.subarray([...TOPICS]), recipients: fc.option(fc.subarray(USERS)) });
    fc.assert(
      fc.property(listeners, event, (all, { topics: where, recipients }) => {
        const { fanout, listen } = world();
        const sockets = all.map((one) => listen(native, one.topics, one.resumes));
        const hears = (one: readonly Topic[]): boolean =>
          one.includes("*" as Topic) ||
          where.some((topic) => one.includes(topic)) ||
          (recipients ?? []).some((user) => one.includes(`user:${user}`));
        for (const times of [1, 2]) {
          fanout.tell(told(where, recipients));
          expect(sockets.map((socket) => socket.heard.length)).toEqual(
            all.map((one) => (hears(one.topics) ? times : 0)),
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});
