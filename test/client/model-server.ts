/**
 * A native server as the wire contract describes it, without network or time: a log, sockets whose
 * frames move when they are told to, replays in slices between live events, and lines that break.
 */
import type { WebSocketClass, WebSocketLike } from "../../src/client/client.ts";

export interface Logged {
  readonly id: number;
  /** The first one is its home. */
  readonly topics: readonly string[];
  readonly content: string;
}

interface Said {
  readonly type: string;
  readonly id?: string;
  readonly data: {
    readonly topics: readonly string[];
    readonly last_event_id: number | "latest";
    readonly topic: string;
    readonly content: string;
    readonly idempotency_key: string;
  };
}

interface Run {
  readonly topics: Set<string>;
  cursor: number;
  /** Where it began. */
  readonly since: number;
}

const ME = "user:7";

/** One socket, seen from the server. */
class ModelSocket implements WebSocketLike {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  /** Frames on their way. */
  readonly toServer: Said[] = [];
  readonly toClient: object[] = [];
  /** Topics heard live, and from which event on. */
  readonly live = new Map<string, number>();
  readonly runs: Run[] = [];
  broken = false;
  readonly server: ModelServer;

  constructor(server: ModelServer, url: string) {
    this.server = server;
    const cursor = new URL(url).searchParams.get("last_event_id") ?? "latest";
    queueMicrotask(() => {
      if (this.broken) return;
      this.onopen?.({} as never);
      this.toClient.push({
        type: "welcome",
        data: { user_id: 7, username: "me", topics: [ME], server: "dragoman" },
      });
      this.begin([ME], cursor === "latest" ? cursor : Number(cursor));
    });
  }

  send(text: string): void {
    if (!this.broken) this.toServer.push(JSON.parse(text) as Said);
  }

  /** By the client. */
  close(): void {
    this.broken = true;
  }

  /** Whatever was on its way is lost. */
  break(code = 1006): void {
    if (this.broken) return;
    this.broken = true;
    this.onclose?.({ code, reason: "" } as never);
  }

  begin(topics: readonly string[], cursor: number | "latest"): void {
    for (const topic of topics) this.live.delete(topic);
    for (const run of this.runs) for (const topic of topics) run.topics.delete(topic);
    if (cursor === "latest") {
      for (const topic of topics) this.live.set(topic, this.server.last);
      if (this.runs.length > 0)
        this.runs.push({ topics: new Set(topics), cursor: this.server.last, since: this.server.last });
      else this.resumed();
    } else this.runs.push({ topics: new Set(topics), cursor, since: cursor });
  }

  resumed(): void {
    this.toClient.push({ type: "resumed", data: { recovered: true, last_event_id: this.server.last } });
  }

  tell(event: Logged): void {
    const by = event.topics.find((topic) => this.live.has(topic));
    if (by !== undefined) this.toClient.push(frameOf(event, by));
  }

  /** Reads one frame of the client's. */
  take(): void {
    const frame = this.toServer.shift();
    if (frame === undefined) return;
    const { type, id, data } = frame;
    if (type === "ping") this.toClient.push({ type: "pong", to: id, data: { timestamp: "" } });
    if (type === "publish") {
      const message = this.server.publish(data.topic, data.content, data.idempotency_key);
      this.toClient.push({ type: "reply", to: id, data: { message_id: message.id, created_at: "" } });
    }
    if (type === "subscribe") {
      this.toClient.push({ type: "reply", to: id, data: { topics: data.topics, rooms: [] } });
      this.begin(data.topics, data.last_event_id);
    }
    if (type === "unsubscribe") {
      for (const topic of data.topics) this.live.delete(topic);
      for (const run of this.runs) for (const topic of data.topics) run.topics.delete(topic);
      this.toClient.push({ type: "reply", to: id, data: { topics: data.topics, rooms: [] } });
    }
  }

  /** Tells up to `count` events of the past; the last step makes the topics live. */
  replay(count: number): void {
    const run = this.runs[0];
    if (run === undefined) return;
    const missed = this.server.log.filter(
      ({ id, topics }) => id > run.cursor && topics.some((topic) => run.topics.has(topic)),
    );
    for (const event of missed.slice(0, count)) {
      run.cursor = event.id;
      const heard = event.topics.some(
        (topic) => (this.live.get(topic) ?? Number.POSITIVE_INFINITY) < event.id,
      );
      const by = event.topics.find((topic) => run.topics.has(topic)) as string;
      if (!heard) this.toClient.push(frameOf(event, by));
    }
    if (missed.length > count) return;
    this.runs.shift();
    for (const topic of run.topics) if (!this.live.has(topic)) this.live.set(topic, run.since);
    if (run.topics.size > 0) this.resumed();
  }

  /** Brings frames to the client. */
  deliver(count: number): void {
    for (const frame of this.toClient.splice(0, count))
      if (!this.broken) this.onmessage?.({ data: JSON.stringify(frame) } as never);
  }

  get idle(): boolean {
    return this.broken || this.toServer.length + this.toClient.length + this.runs.length === 0;
  }
}

const frameOf = ({ id, topics, content }: Logged, topic: string): object => {
  const task = topics.find((name) => name.startsWith("task:"));
  const workspace = topics.find((name) => name.startsWith("workspace:"));
  const told = { type: "event", topic, actor: null, at: "", event_id: id };
  if (task === undefined)
    return { ...told, kind: "message.created", data: { message_id: id, content, metadata: {} } };
  const fields = { workspace_id: workspace === undefined ? null : Number(workspace.split(":")[1]) };
  return {
    ...told,
    kind: "task.updated",
    data: { task_id: Number(task.split(":")[1]), title: content, task: fields },
  };
};

export class ModelServer {
  readonly log: Logged[] = [];
  readonly sockets: ModelSocket[] = [];
  readonly #told = new Map<string, Logged>();

  /** For `createClient({ WebSocket })`. */
  readonly WebSocket: WebSocketClass;

  constructor() {
    this.WebSocket = socketClassOf(this);
  }

  get last(): number {
    return this.log.at(-1)?.id ?? 0;
  }

  get open(): readonly ModelSocket[] {
    return this.sockets.filter(({ broken }) => !broken);
  }

  tell(topics: readonly string[], content = ""): Logged {
    const event = { id: this.last + 1, topics, content };
    this.log.push(event);
    for (const socket of this.open) socket.tell(event);
    return event;
  }

  publish(topic: string, content: string, key: string): Logged {
    const known = this.#told.get(key);
    if (known !== undefined) return known;
    const event = this.tell([topic], content);
    this.#told.set(key, event);
    return event;
  }
}

const socketClassOf = (server: ModelServer): WebSocketClass =>
  class extends ModelSocket {
    constructor(url: string) {
      super(server, url);
      server.sockets.push(this);
    }
  };
