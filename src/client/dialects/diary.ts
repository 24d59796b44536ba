import type { Id } from "../events.ts";
import { createHttp } from "../http.ts";
import { resolve } from "../options.ts";
import { Tokens } from "../tokens.ts";
import type { DialectClient, DialectOptions } from "./dialect-client.ts";
import { DialectSocket } from "./dialect-socket.ts";

/** Everything that a diary server sends. Source: document 003. */
export interface DiaryMessage {
  readonly message: string;
  readonly event_id?: number | undefined;
}

export interface DiaryOptions extends DialectOptions {
  /** Whose connection it is. Without a token it is merely claimed, and hears announcements only. */
  readonly userId: Id;
  /** A service key, for `notify` and `status`. */
  readonly key?: string | undefined;
}

/** A one-way connection of the diary. `on("message", …)`. Source: document 003. */
export interface Diary extends DialectClient<DiaryMessage> {
  /** To every connected user, of whatever dialect. Rejects (`NOT_FOUND`) where nobody is connected. */
  notify(message: string): Promise<{
    readonly status: string;
    readonly message: string;
    readonly sent_count: number;
    readonly total_connections: number;
    readonly disconnected_users: number;
  }>;
  status(): Promise<{
    readonly connected_users: number;
    readonly status: string;
    readonly active_user_ids: readonly string[];
  }>;
}

class DiarySocket extends DialectSocket<DiaryMessage> implements Diary {
  readonly #http;

  constructor(options: DiaryOptions) {
    super({ path: `/api/v1/ws/${encodeURIComponent(options.userId)}` }, options);
    const { url, fetch, clock } = resolve(options);
    this.#http = createHttp(url, fetch, new Tokens(options.token, options.key, clock));
  }
  notify(message: string): ReturnType<Diary["notify"]> {
    return this.#http.post("/api/v1/ws/notification", { message });
  }
  status(): ReturnType<Diary["status"]> {
    return this.#http.get("/api/v1/ws/status");
  }
}

/** `diary({ url, userId, token })`. */
export const diary = (options: DiaryOptions): Diary => new DiarySocket(options);
