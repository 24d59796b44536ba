import type { ClientClock } from "./clock.ts";
import type { ClientOptions, CursorStorage, Resolved } from "./options.ts";

/** Changes within this time are one write, in milliseconds. */
const SAVE_MS = 500;

/** Keeps the client's cursor between visits, where there is a place for it. */
export class CursorKeeper {
  readonly #storage: CursorStorage | undefined;
  readonly #name: string;
  readonly #clock: ClientClock;
  readonly #current: () => number | null;
  #timer: (() => void) | null = null;

  constructor(options: ClientOptions, { url, clock }: Resolved, current: () => number | null) {
    this.#storage = options.storage;
    this.#name = options.storageKey ?? `dragoman:${url}`;
    this.#clock = clock;
    this.#current = current;
  }

  /** What an earlier visit left; null where there is nothing, or nothing good. */
  get stored(): number | null {
    const text = this.#storage?.getItem(this.#name) ?? "";
    return /^\d{1,16}$/.test(text) ? Number(text) : null;
  }

  changed(): void {
    if (this.#storage === undefined) return;
    this.#timer ??= this.#clock.after(SAVE_MS, () => this.save());
  }

  save(): void {
    this.stop();
    const cursor = this.#current();
    if (cursor !== null) this.#storage?.setItem(this.#name, String(cursor));
  }

  stop(): void {
    this.#timer?.();
    this.#timer = null;
  }
}
