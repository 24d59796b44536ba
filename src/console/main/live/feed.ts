import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { HeardEvent } from "./events.ts";
import type { Source } from "./source.ts";

/** More are not shown; they are in the log. */
export const MAX_EVENTS = 1000;
/** While it is paused this many are held here; then the rest is left with the server, which keeps it. */
const MAX_HELD = 5000;
const DRAW_MS = 150;

export interface FeedEvent extends HeardEvent {
  readonly place: number;
}

/** What happens, newest first. */
export interface Feed {
  readonly events: ReadonlySignal<readonly FeedEvent[]>;
  readonly held: ReadonlySignal<number>;
  /** Held beyond what is held here: asked for again, by the last id, when it goes on. */
  readonly left: ReadonlySignal<boolean>;
  readonly paused: Signal<boolean>;
  clear(): void;
  resume(): void;
  stop(): void;
}

export function createFeed(source: Source): Feed {
  const events = signal<readonly FeedEvent[]>([]);
  const held = signal(0);
  const left = signal(false);
  const paused = signal(false);
  let waiting: FeedEvent[] = [];
  let place = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function draw(): void {
    timer = undefined;
    if (paused.peek()) {
      held.value = waiting.length;
      return;
    }
    const arrived = waiting.toReversed();
    waiting = [];
    batch(() => {
      events.value = [...arrived, ...events.peek()].slice(0, MAX_EVENTS);
      held.value = 0;
    });
  }

  function take(event: HeardEvent): void {
    waiting.push({ ...event, place: place++ });
    if (!paused.peek() && waiting.length > MAX_EVENTS) waiting.shift();
    if (paused.peek() && waiting.length >= MAX_HELD && !left.peek()) {
      left.value = true;
      source.stop();
    }
    timer ??= setTimeout(draw, DRAW_MS);
  }

  source.start(take);
  return {
    events,
    held,
    left,
    paused,
    clear() {
      waiting = [];
      batch(() => {
        events.value = [];
        held.value = 0;
      });
    },
    resume() {
      paused.value = false;
      draw();
      if (!left.peek()) return;
      left.value = false;
      source.start(take);
    },
    stop() {
      clearTimeout(timer);
      source.stop();
    },
  };
}
