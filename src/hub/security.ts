import { type Clock, isoTime } from "../core/clock.ts";
import type { Principal } from "../core/principal.ts";
import type { SecurityEntry, SecurityKind } from "../core/security.ts";
import type { Write } from "../store/store.ts";
import type { Settle } from "./writer.ts";

/** What somebody has to say for the security log. */
export interface SecurityNote extends Partial<Omit<SecurityEntry, "at" | "kind" | "user_id">> {
  readonly kind: SecurityKind;
  /** Whose proof was good, where there was one. */
  readonly who?: Principal | undefined;
}

/** What is left out then. */
export const STORE_WAS_FULL =
  "the store could not take writes for a while; see COMMIT_FAILED in the server's log";

/** Entries that wait for the next write; beyond them they are counted only. */
const MAX_WAITING = 1000;
/** What clients had a hand in stays short. */
const MAX_CHARS = 300;
/** What an entry weighs, about. */
const ENTRY_BYTES = 200;

/**
 * Gathers what happens at the doors and writes it a second at a time: whoever knocks without end
 * costs one write a second and a bounded memory.
 */
export class Security {
  readonly #clock: Clock;
  readonly #submit: (write: Write, bytes: number, settle: Settle) => void;
  #waiting: SecurityEntry[] = [];
  #dropped = 0;

  constructor(deps: { clock: Clock; submit: (write: Write, bytes: number, settle: Settle) => void }) {
    this.#clock = deps.clock;
    this.#submit = deps.submit;
  }

  note(note: SecurityNote): void {
    if (this.#waiting.length >= MAX_WAITING) this.#dropped++;
    else this.#waiting.push(entryOf(note, isoTime(this.#clock.now())));
  }

  /** True where the next flush writes nothing. */
  get idle(): boolean {
    return this.#waiting.length === 0 && this.#dropped === 0;
  }

  /** Once a second, and when the server goes down. */
  flush(): void {
    const dropped = this.#dropped;
    const waited = this.#waiting;
    const entries = dropped === 0 ? waited : [...waited, this.#droppedEntry(dropped)];
    if (entries.length === 0) return;
    this.#waiting = [];
    this.#dropped = 0;
    this.#submit({ op: "security.add", args: { entries } }, entries.length * ENTRY_BYTES, (result) => {
      if ("fault" in result) this.#keep(waited, dropped);
    });
  }

  /** What could not be stored waits for the next time, before what happened since. */
  #keep(entries: readonly SecurityEntry[], dropped: number): void {
    const all = [...entries, ...this.#waiting];
    this.#waiting = all.slice(0, MAX_WAITING);
    this.#dropped += dropped + all.length - this.#waiting.length;
  }

  #droppedEntry(dropped: number): SecurityEntry {
    const detail = `dropped ${dropped}: more happened at once than is written down`;
    return entryOf({ kind: "dropped", detail }, isoTime(this.#clock.now()));
  }
}

function entryOf({ kind, who, ...note }: SecurityNote, at: string): SecurityEntry {
  // A key's name might be a user's id too.
  const key = who?.kind === "key" ? `service key ${who.id}` : null;
  return {
    at,
    kind,
    user_id: who?.kind === "user" ? who.id : null,
    address: short(note.address),
    dialect: note.dialect ?? null,
    endpoint: short(note.endpoint),
    close_code: note.close_code ?? null,
    cause: note.cause ?? null,
    detail: short(key === null ? note.detail : note.detail ? `${key}: ${note.detail}` : key),
  };
}

const short = (text: string | null | undefined): string | null =>
  text === null || text === undefined || text === "" ? null : text.slice(0, MAX_CHARS).toWellFormed();
