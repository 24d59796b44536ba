/** Which ids and names of the recording are which ones here. */
import { randomUUID } from "node:crypto";
import { compare, type Difference } from "../conform/compare.ts";
import { type Expected, keep, type Kept, rule, TEXT } from "../conform/expect.ts";
import { isObject } from "../../core/json.ts";
import { isMark } from "../recording/mask.ts";

const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;
const TIME_KEY = /(^|_)(at|timestamp|time|ts)$/;
const IS_TIME = rule("<a time>", (actual) => typeof actual === "string" && TIME.test(actual));
const IS_NUMBER = rule("<a time as a number>", (actual) => typeof actual === "number");
const IS_ID = rule("<an id>", (actual) => typeof actual === "number" || typeof actual === "string");
/** How long something takes or has lasted. */
const VARYING = /^(uptime|duration|elapsed)(_|$)|_(ms|seconds)$/;
/** Places in a list that was asked for page by page. */
const CURSOR_KEYS = new Set(["next", "cursor", "since", "after", "before"]);

/** Of `last_event_id` event, of `message_id` message, of a bare `id` what its surroundings are about. */
function familyOf(key: string, about: string): string | null {
  if (key === "id") return about;
  if (CURSOR_KEYS.has(key)) return "event";
  return /^(?:last_|first_|old_|new_|target_)?(.+)_ids?$/.exec(key)?.[1] ?? null;
}

/** The collection that an address is about: of `/api/v1/tasks/17` task. */
export function aboutOf(path: string): string {
  const words = path.split("/").filter((word) => /^[a-z_-]+s$/.test(word));
  return words.at(-1)?.replace(/s$/, "").replaceAll("-", "_") ?? "";
}

export class Ledger {
  /** Users of the recording, and who plays them. */
  readonly #users: ReadonlyMap<string, string>;
  /** What they are called there, and here. */
  readonly #names: ReadonlyMap<string, string>;
  /** Ids that a client named before any server did: `task:456`. */
  readonly #said = new Set<string>();
  readonly #keys = new Map<string, string>();
  #kept: Kept = new Map();

  constructor(users: ReadonlyMap<string, string>, names: ReadonlyMap<string, string>) {
    this.#users = users;
    this.#names = names;
  }

  /** Where something that came differs from what was recorded; learns nothing. */
  differences(actual: unknown, recorded: unknown, about = ""): readonly Difference[] {
    return this.#compare(actual, recorded, about, new Map(this.#kept));
  }

  /** The same; remembers which id is which. */
  learn(actual: unknown, recorded: unknown, about = ""): readonly Difference[] {
    const kept: Kept = new Map(this.#kept);
    const differences = this.#compare(actual, recorded, about, kept);
    this.#kept = kept;
    return differences;
  }

  #compare(actual: unknown, recorded: unknown, about: string, kept: Kept): readonly Difference[] {
    const found = compare(actual, this.#expected(recorded, "", about), kept);
    // In JSON the order of keys says nothing.
    return found.filter(({ problem }) => problem !== "order");
  }

  #expected(value: unknown, key: string, about: string): Expected {
    if (Array.isArray(value)) return value.map((item: unknown) => this.#expected(item, key, about));
    if (isObject(value))
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, this.#expected(inner, name, about)]),
      );
    if (isMark(value)) return TEXT;
    if (typeof value === "string" && this.#names.has(value)) return this.#names.get(value) ?? value;
    if (typeof value === "string" && TIME.test(value)) return IS_TIME;
    if (typeof value === "number" && TIME_KEY.test(key)) return IS_NUMBER;
    if (typeof value === "number" && VARYING.test(key)) return IS_NUMBER;
    const family = familyOf(key, about);
    return family === null ? (value as Expected) : this.#id(value, family);
  }

  /** Who a user is must be right; what the server numbers by itself need only be the same throughout. */
  #id(value: unknown, family: string): Expected {
    if ((typeof value !== "string" && typeof value !== "number") || value === 0) return value as Expected;
    const name = `${family}:${value}`;
    if (this.#kept.has(name)) return keep(name, IS_ID);
    if (this.#users.has(String(value)) && !NUMBERED.has(family)) return this.#user(value);
    return this.#said.has(name) ? value : keep(name, IS_ID);
  }

  #user(value: string | number): string | number {
    const played = this.#users.get(String(value)) ?? String(value);
    if (played === String(value)) return value;
    return typeof value === "number" && /^\d+$/.test(played) ? Number(played) : played;
  }

  /** What a client said, with the ids that are its here. */
  said(recorded: unknown, key = "", about = ""): unknown {
    if (Array.isArray(recorded)) return recorded.map((item: unknown) => this.said(item, key, about));
    if (isObject(recorded))
      return Object.fromEntries(
        Object.entries(recorded).map(([name, inner]) => [name, this.said(inner, name, about)]),
      );
    if (key === "idempotency_key" && typeof recorded === "string") return this.#once(recorded);
    const family = familyOf(key, about);
    if (family === null || (typeof recorded !== "string" && typeof recorded !== "number")) return recorded;
    return this.#here(recorded, family);
  }

  /** `/api/v1/tasks/17` with the number that the task has here. */
  path(recorded: string): string {
    const words = recorded.split("/");
    return words
      .map((word, at) => {
        const about = (words[at - 1] ?? "").replace(/s$/, "").replaceAll("-", "_");
        return word === "" || about === ""
          ? word
          : encodeURIComponent(String(this.#here(decodeURIComponent(word), about))).replaceAll("%3A", ":");
      })
      .join("/");
  }

  /** Of a request; a key that was used has its answer already, so it is another one here. */
  headers(recorded: Readonly<Record<string, string>>): Record<string, string> {
    const key = recorded["idempotency-key"];
    return { ...recorded, ...(key === undefined ? {} : { "idempotency-key": this.#once(key) }) };
  }

  #once(key: string): string {
    const fresh = this.#keys.get(key) ?? randomUUID();
    this.#keys.set(key, fresh);
    return fresh;
  }

  #here(value: string | number, family: string): string | number {
    const known = this.#kept.get(`${family}:${value}`);
    if (typeof known === "string" || typeof known === "number") return known;
    this.#said.add(`${family}:${value}`);
    return NUMBERED.has(family) ? value : this.#user(value);
  }
}

/** Numbered by the server, each from 1: the same number as a user's says nothing. */
const NUMBERED = new Set(["event", "message", "notification", "announcement", "task"]);
