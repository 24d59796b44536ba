import { type ReadonlySignal, signal } from "@preact/signals";

const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 8000;

/** Whether the server is there; if not, why, and when the next try is. */
export type LinkState =
  | { readonly up: true }
  | { readonly up: false; readonly why: string; readonly sinceMs: number; readonly nextMs: number };

export interface Link {
  readonly state: ReadonlySignal<LinkState>;
  /** How often the server came back: whoever shows something of it asks again. */
  readonly returns: ReadonlySignal<number>;
  away(why: string): void;
  /** Tries at once. */
  retry(): void;
}

/** Finds out by itself when a server that went away is back. `ask` resolves to whether it answers. */
export function createLink(ask: () => Promise<boolean>): Link {
  const state = signal<LinkState>({ up: true });
  const returns = signal(0);
  let waitMs = FIRST_WAIT_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;

  async function retry(): Promise<void> {
    if (asking || state.value.up) return;
    clearTimeout(timer);
    asking = true;
    const there = await ask();
    asking = false;
    if (there) {
      state.value = { up: true };
      returns.value++;
    } else wait();
  }

  function wait(): void {
    if (state.value.up) return;
    state.value = { ...state.value, nextMs: Date.now() + waitMs };
    timer = setTimeout(() => void retry(), waitMs);
    waitMs = Math.min(MAX_WAIT_MS, waitMs * 2);
  }

  addEventListener("online", () => void retry());
  return {
    state,
    returns,
    away(why) {
      if (!state.value.up) return;
      waitMs = FIRST_WAIT_MS;
      state.value = { up: false, why, sinceMs: Date.now(), nextMs: Date.now() };
      wait();
    },
    retry: () => void retry(),
  };
}
