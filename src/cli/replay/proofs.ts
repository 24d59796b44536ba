import { randomBytes } from "node:crypto";
import { isObject } from "../../core/json.ts";
import { EXIT, failure } from "../lib/failure.ts";
import { type Signing, signingAt, userNamed } from "../lib/proof.ts";
import { devServerAt } from "../lib/dev-file.ts";
import type { Flags } from "../lib/settings.ts";
import { unmasked } from "../recording/mask.ts";
import type { Recording, Speaker } from "../recording/tape.ts";

const TTL_SECONDS = 3600;

/** Fresh proofs for those who spoke in the recording. */
export class Proofs {
  /** Users of the recording, and who plays them. */
  readonly users: ReadonlyMap<string, string>;
  /** What they are called there, and here. */
  readonly names: ReadonlyMap<string, string>;
  readonly #speakers: ReadonlyMap<string, Speaker>;
  readonly #flags: { readonly token?: string; readonly key?: string };
  readonly #signing: Signing | null;
  /** Tickets that were given here, in the order in which they are used. */
  readonly #tickets: string[] = [];

  /** Throws a Failure where somebody who spoke cannot be spoken for. */
  constructor(url: URL, { entries }: Recording, flags: Flags) {
    const speakers = entries.flatMap((entry) => ("as" in entry && entry.as !== null ? [entry.as] : []));
    const named = speakers.filter(({ user_id }) => user_id !== null);
    this.#speakers = new Map(named.map((speaker) => [speaker.user_id ?? "", speaker]));
    this.#flags = flags;
    const { as, token } = flags as { as?: string; token?: string };
    const one = as ?? (token === undefined ? undefined : "");
    const users = [...this.#speakers.keys()];
    if (one !== undefined && users.length > 1)
      throw failure(
        `the recording has ${users.length} users: ${users.join(", ")}`,
        "leave out --as and --token: each is played by a token of his own, signed with the server's secret",
        EXIT.usage,
      );
    const played = as === undefined ? undefined : userNamed(as, devServerAt(url));
    this.users = new Map(users.map((id) => [id, played?.id ?? id]));
    this.names = new Map(
      named.flatMap(({ claims }) => {
        const name = claims?.["username"];
        return typeof name === "string" ? [[name, played?.username ?? name]] : [];
      }),
    );
    const needed = speakers.some(
      ({ by, user_id }) =>
        (by === "key" && flags["key"] === undefined) || (user_id !== null && token === undefined),
    );
    this.#signing = needed ? signingAt(url, flags) : null;
  }

  /** What goes with a request or a socket. */
  of(speaker: Speaker | null): {
    query: Record<string, string>;
    headers: Record<string, string>;
    protocols: string[];
  } {
    const none = { query: {}, headers: {}, protocols: [] };
    if (speaker === null) return none;
    switch (speaker.by) {
      case "key":
        return this.#flags.key === undefined
          ? { ...none, headers: { authorization: `Bearer ${this.#admin()}` } }
          : { ...none, headers: { "x-api-key": this.#flags.key } };
      case "ticket":
        return { ...none, query: { ticket: this.#tickets.shift() ?? "none" } };
      case "query":
        return { ...none, query: { token: this.#token(speaker) } };
      case "header":
        return { ...none, headers: { authorization: `Bearer ${this.#token(speaker)}` } };
      case "subprotocol":
        return { ...none, protocols: ["bearer", this.#token(speaker)] };
    }
  }

  /** An answer may hold a ticket for a socket that follows. */
  keepTicket(answer: unknown): void {
    if (isObject(answer) && typeof answer["ticket"] === "string") this.#tickets.push(answer["ticket"]);
  }

  /** A text that was said, with fresh tokens. */
  fresh(text: string): string {
    return unmasked(text, (userId) =>
      this.#token(this.#speakers.get(userId) ?? { user_id: userId === "" ? null : userId, by: "query" }),
    );
  }

  #token({ user_id, claims, expired }: Speaker): string {
    // It told nobody then, and is of no use now.
    if (user_id === null) return `replayed-${randomBytes(6).toString("hex")}`;
    const { token } = this.#flags;
    if (token !== undefined) return token;
    const id = this.users.get(user_id) ?? user_id;
    const ttlSeconds = expired === true ? -TTL_SECONDS : TTL_SECONDS;
    const own = id === user_id ? claims : undefined;
    return this.#signing?.({ id, ...(own === undefined ? {} : { claims: own }), ttlSeconds }) ?? "";
  }

  #admin(): string {
    return this.#signing?.({ id: "replay", claims: { role: "admin" }, ttlSeconds: TTL_SECONDS }) ?? "";
  }
}
