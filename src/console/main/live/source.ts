import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { serverEvents } from "../../lib/server-events.ts";
import type { App } from "../app.ts";
import type { HeardEvent } from "./events.ts";

const AGAIN_MS = 1000;

export type SourceState = "connecting" | "open" | "away";

/** Where events come from: it goes on by the last id where it was interrupted, without gap or duplicate. */
export interface Source {
  readonly state: ReadonlySignal<SourceState>;
  readonly fault: ReadonlySignal<string | null>;
  start(take: (event: HeardEvent) => void): void;
  stop(): void;
}

/** `from`: the id after which to begin; null from now on. */
export function createSource(
  { api, link }: Pick<App, "api" | "link">,
  topics: string,
  from: () => Promise<number | null>,
): Source {
  const state = signal<SourceState>("connecting");
  const fault = signal<string | null>(null);
  let last: number | null = null;
  let begun = false;
  let stopping = new AbortController();

  async function listen(take: (event: HeardEvent) => void, ending: AbortSignal): Promise<void> {
    if (!begun) last = await from();
    begun = true;
    const body = await api.events({ topics, last_event_id: last ?? "latest" }, ending);
    state.value = "open";
    fault.value = null;
    for await (const { name, data } of serverEvents(body)) {
      if (name === "resumed") {
        last = (JSON.parse(data) as { readonly data: { readonly last_event_id: number } }).data.last_event_id;
      }
      if (name !== "message") continue;
      const event = JSON.parse(data) as HeardEvent;
      last = event.event_id ?? last;
      take(event);
    }
  }

  async function keepOn(take: (event: HeardEvent) => void, ending: AbortSignal): Promise<void> {
    while (!ending.aborted) {
      try {
        await listen(take, ending);
      } catch (why) {
        if (ending.aborted) return;
        fault.value = why instanceof Error ? why.message : String(why);
      }
      if (ending.aborted) return;
      state.value = "away";
      await Promise.race([later(AGAIN_MS), aborted(ending)]);
      await untilUp(link, ending);
      state.value = "connecting";
    }
  }

  return {
    state,
    fault,
    start(take) {
      stopping = new AbortController();
      void keepOn(take, stopping.signal);
    },
    stop: () => stopping.abort(),
  };
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));

function untilUp({ state }: App["link"], ending: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = effect(() => {
      if (state.value.up) resolve();
    });
    ending.addEventListener("abort", () => {
      done();
      resolve();
    });
  });
}
