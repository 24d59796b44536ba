/** A mixed load over several dialects against one server, and what its clients were told. */
export interface Witness {
  /** Event id → what it said, as some client saw it or was answered. */
  readonly seen: Map<number, string>;
}

export interface Target {
  readonly url: string;
  readonly wsUrl: string;
  readonly tokenOf: (userId: string) => string;
  /** An admin's token: hears everything. */
  readonly adminToken: string;
}

interface Frame {
  readonly type?: string;
  readonly kind?: string;
  readonly event_id?: number;
  readonly to?: string;
  readonly notification_id?: number;
  readonly message_id?: number;
  readonly data?: {
    readonly message_id?: number;
    readonly content?: string;
    readonly notification_id?: number;
  };
}

const ROOMS = ["channel:1", "channel:2", "project:789"];

/** Runs until `stop`; every loop goes on by itself, so that the server is always in the middle of something. */
export class Load {
  readonly #target: Target;
  readonly #witness: Witness;
  readonly #sockets: WebSocket[] = [];
  #next: number;
  #running = true;
  /** Called with each durable frame that a client saw. */
  onSeen: () => void = () => {};

  constructor(target: Target, witness: Witness, firstNumber: number) {
    this.#target = target;
    this.#witness = witness;
    this.#next = firstNumber;
  }

  get nextNumber(): number {
    return this.#next;
  }

  async start(): Promise<void> {
    await this.#listen();
    await Promise.all([
      this.#chat("201"),
      this.#chat("202"),
      this.#notifier("203"),
      this.#native("204"),
      this.#focus("205"),
    ]);
    void this.#post("/api/v1/notify/users/101", (n) => ({ message: `n${n}` }), "notification_id");
    void this.#post("/api/v1/realtime/events/task", (n) => ({
      task_id: n,
      title: `t${n}`,
      action: "updated",
      workspace_id: 789,
      target_user_ids: [101, 102],
    }));
  }

  stop(): void {
    this.#running = false;
    for (const socket of this.#sockets) socket.close();
  }

  #see(id: number, what: string): void {
    this.#witness.seen.set(id, what);
    this.onSeen();
  }

  async #open(path: string, token: string, onFrame: (frame: Frame) => void): Promise<WebSocket> {
    const socket = new WebSocket(
      `${this.#target.wsUrl}${path}${path.includes("?") ? "&" : "?"}token=${token}`,
    );
    this.#sockets.push(socket);
    socket.onmessage = ({ data }) => onFrame(JSON.parse(String(data)) as Frame);
    await new Promise<void>((resolve) => {
      socket.onopen = () => resolve();
      socket.onclose = () => resolve();
    });
    return socket;
  }

  /** An admin hears all events with their ids. */
  async #listen(): Promise<void> {
    let ready: () => void = () => {};
    const subscribed = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const socket = await this.#open(
      "/api/v1/stream?last_event_id=latest",
      this.#target.adminToken,
      (frame) => {
        if (frame.type === "reply") ready();
        if (frame.event_id !== undefined)
          this.#see(frame.event_id, `${frame.kind}:${JSON.stringify(frame.data)}`);
      },
    );
    socket.send(JSON.stringify({ type: "subscribe", data: { topics: ["*"], last_event_id: "latest" } }));
    await subscribed;
  }

  /** Sends a message for each of its own that comes back. */
  async #chat(userId: string): Promise<void> {
    const room = ROOMS[Number(userId) % ROOMS.length] as string;
    const send = (): void =>
      socket.send(
        JSON.stringify({ type: "send_message", room, data: { content: `${userId}-${this.#next++}` } }),
      );
    const socket = await this.#open("/api/v1/ws/connect", this.#target.tokenOf(userId), (frame) => {
      if (frame.type === "joined_room") for (let i = 0; i < 5; i++) send();
      if (frame.type !== "message" || frame.data?.message_id === undefined) return;
      this.#see(frame.data.message_id, "");
      if (this.#running && frame.data.content?.startsWith(`${userId}-`)) send();
    });
    socket.send(JSON.stringify({ type: "join_room", room }));
  }

  async #notifier(userId: string): Promise<void> {
    const send = (): void =>
      socket.send(
        JSON.stringify({ type: "room_message", room: "project_789", data: `${userId}-${this.#next++}` }),
      );
    const socket = await this.#open("/api/v1/ws", this.#target.tokenOf(userId), (frame) => {
      if (this.#running && (frame.type === "room_message" || JSON.stringify(frame).includes("Joined room")))
        send();
    });
    socket.send(JSON.stringify({ type: "join_room", room: "project_789" }));
  }

  /** Each publish is answered with the id of its message. */
  async #native(userId: string): Promise<void> {
    const send = (): void =>
      socket.send(
        JSON.stringify({
          type: "publish",
          data: { topic: "channel:1", content: `${userId}-${this.#next++}` },
        }),
      );
    const socket = await this.#open("/api/v1/stream", this.#target.tokenOf(userId), (frame) => {
      if (frame.type === "reply" && frame.data?.message_id !== undefined)
        this.#see(frame.data.message_id, "");
      if (this.#running && (frame.type === "welcome" || frame.type === "reply")) send();
    });
  }

  async #focus(userId: string): Promise<void> {
    const send = (): void => socket.send(JSON.stringify({ status: `s${this.#next++}` }));
    const socket = await this.#open("/api/v1/ws/focus-sessions/deep", this.#target.tokenOf(userId), () => {
      if (this.#running) send();
    });
  }

  async #post(path: string, body: (n: number) => object, idField?: string): Promise<void> {
    while (this.#running) {
      try {
        const response = await fetch(this.#target.url + path, {
          method: "POST",
          headers: { authorization: `Bearer ${this.#target.adminToken}`, "content-type": "application/json" },
          body: JSON.stringify(body(this.#next++)),
        });
        const answer = (await response.json()) as Readonly<Record<string, number>>;
        if (response.ok && idField !== undefined) this.#see(answer[idField] as number, "");
      } catch {
        return;
      }
    }
  }
}
