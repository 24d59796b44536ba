import type { SeenClose, SeenFrame } from "../core/admin.ts";
import { type Refusal, refuse } from "../core/errors.ts";
import { isObject, parseJson } from "../core/json.ts";
import type { Principal } from "../core/principal.ts";
import { remedyOf } from "../core/security.ts";
import type { Topic } from "../core/topic.ts";
import type { Connection } from "./connection.ts";
import { type Listeners, includes } from "./registry.ts";

/** Admins who may look on at once. */
const MAX_WATCHERS = 32;
const CROWDED = refuse("TOO_MANY_REQUESTS", "Too many look on at once.", { bound: "watchers" });
/** What is shown of a long frame. */
const MAX_SHOWN = 16 << 10;
/** What stands in the place of a token. */
const MASK = "…";
/** What of a frame is looked through for tokens; the rest is not shown. */
const MAX_READ = 64 << 10;
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/("token"\s*:\s*")(?:[^"\\]|\\.)*/g, `$1${MASK}`],
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g, MASK],
  [/dgk_[\w-]+/g, MASK],
];

/** Somebody who looks on. */
export interface Watcher {
  readonly who: Principal;
  frame(frame: SeenFrame): void;
  closed(close: SeenClose): void;
  /** He may look on no longer. */
  end(): void;
}

/**
 * The frames of single connections, for admins who look on: what came in, and what left in the
 * order in which it left, whether it was sent or published. Without a watcher it costs one look
 * at `active`.
 */
export class Watch {
  active = false;
  readonly #watchers = new Map<Connection, Set<Watcher>>();
  #count = 0;

  /** Begins to look on; answers with what ends it; refused where too many look on already. */
  add(connection: Connection, watcher: Watcher): (() => void) | Refusal {
    if (this.#count >= MAX_WATCHERS) return CROWDED;
    this.#count++;
    this.active = true;
    const watchers = this.#watchers.get(connection) ?? new Set();
    this.#watchers.set(connection, watchers.add(watcher));
    return () => {
      if (!watchers.delete(watcher)) return;
      this.#count--;
      if (watchers.size === 0) this.#watchers.delete(connection);
      this.active = this.#count > 0;
    };
  }

  /** Ends whoever may look on no longer. */
  end(isOver: (who: Principal) => boolean): void {
    for (const watchers of [...this.#watchers.values()])
      for (const watcher of [...watchers]) if (isOver(watcher.who)) watcher.end();
  }

  saw(connection: Connection, direction: "in" | "out", text: string): void {
    const watchers = this.#watchers.get(connection);
    if (watchers === undefined) return;
    const frame = frameOf(connection, direction, text);
    for (const watcher of watchers) watcher.frame(frame);
  }

  /** A publish to a topic's wire: who of the watched ones hears it by this one. */
  published(
    topic: Topic,
    listeners: Listeners,
    except: ReadonlySet<Connection>,
    texts: readonly string[],
  ): void {
    for (const connection of this.#watchers.keys()) {
      if (!includes(listeners, connection) || except.has(connection) || !connection.isLive(topic)) continue;
      for (const text of texts) this.saw(connection, "out", text);
    }
  }

  /** `code` and `reason` as the runtime has them. */
  closed(connection: Connection, code: number, reason: string, cause: SeenClose["cause"]): void {
    const watchers = this.#watchers.get(connection);
    if (watchers === undefined) return;
    this.#watchers.delete(connection);
    this.#count -= watchers.size;
    this.active = this.#count > 0;
    const all = [...watchers];
    watchers.clear();
    for (const watcher of all) watcher.closed({ code, reason, cause, remedy: remedyOf(cause) });
  }
}

function frameOf(connection: Connection, direction: "in" | "out", whole: string): SeenFrame {
  const text = masked(whole.slice(0, MAX_READ));
  const frame = {
    direction,
    at: connection.now,
    bytes: Buffer.byteLength(whole),
    text: text.slice(0, MAX_SHOWN).toWellFormed(),
  };
  return text.length > MAX_SHOWN || whole.length > MAX_READ ? { ...frame, truncated: true } : frame;
}

/** Without tokens and keys. A `refresh` frame is read, so that no spelling of its token gets through. */
function masked(text: string): string {
  const safe = SECRETS.reduce((kept, [pattern, mask]) => kept.replace(pattern, mask), text);
  if (!/refresh|\\u/.test(text)) return safe;
  const frame = parseJson(safe);
  if (!isObject(frame) || frame["type"] !== "refresh") return safe;
  const data = isObject(frame["data"]) ? { ...frame["data"], token: MASK } : MASK;
  return JSON.stringify({ ...frame, data });
}
