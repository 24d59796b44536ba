import { signUserToken } from "../../src/app/offline-token.ts";
import { connect as connectTcp } from "node:net";
import { KEY, SECRET } from "./server.ts";

/** The same few again and again, so that what is kept a user stops growing. */
const USERS = 40;
const ROOMS = 8;
/** How long a visit lasts. */
const STAY_MS = [200, 3000] as const;
/** Ends that are part of the story: by us, by a bad token, too much, too large, too slow. */
const EXPECTED_CLOSES = new Set([1000, 1001, 1005, 1006, 1008, 1009, 1013, 4401, 4429]);
const OPEN_MS = 15_000;

/** What goes on during a soak, and what should not have. */
export class Load {
  readonly url: string;
  readonly surprises: string[] = [];
  #stopping = false;
  #lastEventId = 0;
  readonly #stopped: Promise<void>;
  readonly #stop: () => void;
  readonly #workers: Promise<void>[] = [];

  constructor(url: string) {
    this.url = url;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#stopped = promise;
    this.#stop = resolve;
  }

  start(workers: number): void {
    for (let n = 0; n < workers; n++) this.#workers.push(this.#work(n));
  }

  /** Resolves when every client is gone. */
  async end(): Promise<void> {
    this.#stopping = true;
    this.#stop();
    await Promise.all(this.#workers);
  }

  async #work(worker: number): Promise<void> {
    const random = seeded(worker + 1);
    while (!this.#stopping) {
      const story = STORIES[Math.floor(random() * STORIES.length)] as Story;
      try {
        await story(this, random);
      } catch (fault) {
        if (!this.#stopping)
          this.surprises.push(`${story.name}: ${fault instanceof Error ? fault.message : "?"}`);
        await this.pause(200);
      }
    }
  }

  /** At most so long; less where the soak ends. */
  async pause(ms: number): Promise<void> {
    await Promise.race([Bun.sleep(ms), this.#stopped]);
  }

  saw(frame: string): void {
    const id = Number(/"event_id":(\d+)/.exec(frame)?.[1] ?? 0);
    this.#lastEventId = Math.max(this.#lastEventId, id);
  }

  /** A cursor a little in the past, as somebody has who was away. */
  cursor(random: Random): string {
    return random() < 0.2 ? "latest" : String(Math.max(0, this.#lastEventId - Math.floor(random() * 300)));
  }

  async ask(method: string, path: string, body?: unknown, as: string = KEY): Promise<Response> {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${as}`,
        accept: "application/json",
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status >= 500)
      this.surprises.push(`${method} ${path.split("?")[0]} answered ${answer.status}`);
    await answer.arrayBuffer();
    return answer;
  }

  /** Opens a socket, lets `talk` use it, and ends it in one of several ways. */
  async visit(path: string, random: Random, talk: (socket: WebSocket) => void = () => {}): Promise<void> {
    const socket = new WebSocket(this.url.replace("http", "ws") + path);
    const opened = Promise.withResolvers<boolean>();
    const closed = Promise.withResolvers<number>();
    socket.addEventListener("open", () => opened.resolve(true));
    socket.addEventListener("message", ({ data }) => this.saw(String(data)));
    socket.addEventListener("close", ({ code }) => {
      opened.resolve(false);
      closed.resolve(code);
    });
    const timer = setTimeout(() => opened.resolve(false), OPEN_MS);
    const isOpen = await opened.promise;
    clearTimeout(timer);
    if (isOpen) {
      talk(socket);
      const [least, most] = STAY_MS;
      await Promise.race([this.pause(least + random() * (most - least)), closed.promise]);
    }
    // Half of them leave without a word.
    if (random() < 0.5) (socket as WebSocket & { terminate(): void }).terminate();
    else socket.close();
    const code = await closed.promise;
    if (!EXPECTED_CLOSES.has(code)) this.surprises.push(`${path.split("?")[0]} closed with ${code}`);
  }
}

type Random = () => number;
type Story = (load: Load, random: Random) => Promise<unknown>;

/** The same numbers in each run (mulberry32). */
function seeded(seed: number): Random {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const upTo = (random: Random, most: number): number => 1 + Math.floor(random() * most);
const RULES = { jwtUserIdClaim: "sub", jwtIssuer: undefined, jwtAudience: undefined };

const tokenOf = (id: number): string =>
  signUserToken(RULES, SECRET, { id, username: `user-${id}` }, Date.now());

function query(load: Load, random: Random, user: number): string {
  const resume = random() < 0.5 ? `&last_event_id=${load.cursor(random)}` : "";
  return `?token=${tokenOf(user)}${resume}`;
}

const say = (socket: WebSocket, ...frames: readonly unknown[]): void => {
  for (const frame of frames) socket.send(JSON.stringify(frame));
};

const TEXT =
  "Somebody has something to say to the others in this room, and it is about as long as such things are.";

const STORIES: readonly Story[] = [
  function chat(load, random) {
    const [user, room] = [upTo(random, USERS), `channel:${upTo(random, ROOMS)}`];
    return load.visit(`/api/v1/ws/connect${query(load, random, user)}`, random, (socket) =>
      say(
        socket,
        { type: "join_room", room },
        ...Array.from({ length: 5 }, () => ({ type: "send_message", room, data: { content: TEXT } })),
        { type: "ping" },
        ...(random() < 0.5 ? [{ type: "leave_room", room }] : []),
      ),
    );
  },
  function notifier(load, random) {
    const [user, room] = [upTo(random, USERS), `channel_${upTo(random, ROOMS)}`];
    return load.visit(`/api/v1/ws${query(load, random, user)}`, random, (socket) =>
      say(
        socket,
        { type: "join_room", room },
        { type: "room_message", room, data: TEXT },
        { type: "text", data: "echo" },
        { type: "broadcast", data: "hello" },
      ),
    );
  },
  function native(load, random) {
    const topic = `channel:${upTo(random, ROOMS)}`;
    return load.visit(`/api/v1/stream${query(load, random, upTo(random, USERS))}`, random, (socket) =>
      say(
        socket,
        { type: "subscribe", id: 1, data: { topics: [topic, "workspace:1"] } },
        { type: "publish", id: 2, data: { topic, content: TEXT } },
        { type: "ping" },
        { type: "unsubscribe", id: 3, data: { topics: [topic] } },
      ),
    );
  },
  function onetask(load, random) {
    const paths = [
      "/ws/notifications",
      "/ws/tasks/1",
      "/api/v1/ws/notifications",
      "/api/v1/ws/workspaces/1/tasks",
    ];
    const path = paths[upTo(random, paths.length) - 1] ?? "";
    return load.visit(`${path}${query(load, random, upTo(random, USERS))}`, random);
  },
  function focus(load, random) {
    const session = upTo(random, ROOMS);
    const path = random() < 0.5 ? "/ws/focus-session/" : "/api/v1/ws/focus-sessions/";
    return load.visit(`${path}s${session}${query(load, random, upTo(random, USERS))}`, random, (socket) =>
      say(socket, { status: "paused", action: "status_change" }),
    );
  },
  function diary(load, random) {
    return load.visit(`/api/v1/ws/${upTo(random, USERS)}`, random);
  },
  function stranger(load, random) {
    return load.visit(`/api/v1/ws/connect?token=not.a.token${upTo(random, 1000)}`, random);
  },
  function nuisance(load, random) {
    const user = upTo(random, USERS);
    return load.visit(`/api/v1/ws/connect?token=${tokenOf(user)}`, random, (socket) => {
      socket.send("{");
      socket.send(new Uint8Array(2000));
      say(socket, { type: "join_room", room: "nonsense" }, { type: "no such type" }, []);
      if (random() < 0.3) socket.send("x".repeat(70_000));
    });
  },
  async function tell(load, random) {
    const user = upTo(random, USERS);
    await load.ask("POST", `/api/v1/notify/users/${user}`, { message: TEXT });
    await load.ask("POST", `/api/v1/notify/rooms/channel:${upTo(random, ROOMS)}`, { message: TEXT });
    await load.ask("POST", "/api/v1/realtime/events/task", {
      task_id: upTo(random, 20),
      title: "Write the report",
      action: "updated",
      workspace_id: 1,
      target_user_ids: [user],
    });
    await load.ask("POST", "/api/v1/ws/notification", { message: "To everybody" });
    await load.ask("POST", `/api/v1/rooms/channel:1/messages`, { content: TEXT }, tokenOf(user));
    await load.pause(100);
  },
  async function look(load, random) {
    const token = tokenOf(upTo(random, USERS));
    await load.ask("GET", "/api/v1/notifications?limit=20", undefined, token);
    await load.ask("POST", "/api/v1/notifications/read-all", undefined, token);
    await load.ask("GET", "/api/v1/rooms/channel:1/messages?limit=20", undefined, token);
    await load.ask("GET", "/api/v1/admin/stats");
    await load.ask("GET", "/api/v1/admin/security-log?limit=50");
    await load.ask("GET", "/api/v1/nothing/here", undefined, "nonsense");
    await load.ask("POST", "/api/v1/tickets", undefined, token);
    await load.pause(100);
  },
  async function poll(load, random) {
    const token = tokenOf(upTo(random, USERS));
    await load.ask(
      "GET",
      `/api/v1/events?after=${load.cursor(random)}&wait=1&token=${token}`,
      undefined,
      token,
    );
  },
  async function listen(load, random) {
    const leaving = new AbortController();
    const answer = await fetch(
      `${load.url}/api/v1/events?topics=channel:1&last_event_id=${load.cursor(random)}`,
      {
        headers: { authorization: `Bearer ${tokenOf(upTo(random, USERS))}`, accept: "text/event-stream" },
        signal: leaving.signal,
      },
    );
    await load.pause(300 + random() * 1500);
    leaving.abort();
    await answer.body?.cancel().catch(() => {});
  },
  /** Begins a request, or a handshake, and goes. */
  async function halfway(load) {
    const { port, hostname } = new URL(load.url);
    const socket = connectTcp(Number(port), hostname);
    socket.on("error", () => {});
    socket.write("GET /api/v1/ws/connect HTTP/1.1\r\nHost: x\r\nUpgrade: websoc");
    await load.pause(200);
    socket.destroy();
  },
];
