import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { serverEvents } from "../../lib/server-events.ts";
import type { Api } from "../data/api.ts";
import { ApiError } from "../data/http.ts";
import type { Id, SeenClose, SeenFrame } from "../data/types.ts";

/** More are not kept: the oldest go. */
export const MAX_FRAMES = 500;
/** Frames that come together are drawn together. */
const DRAW_MS = 100;

export interface WatchedFrame extends SeenFrame {
  readonly place: number;
}

/** The frames of one connection, both ways, from when one looks. */
export interface Watch {
  readonly frames: ReadonlySignal<readonly WatchedFrame[]>;
  /** What came while it was paused. */
  readonly held: ReadonlySignal<number>;
  readonly paused: Signal<boolean>;
  readonly end: ReadonlySignal<SeenClose | null>;
  readonly fault: ReadonlySignal<string | null>;
  clear(): void;
  resume(): void;
  stop(): void;
}

export function watch(api: Api, id: Id): Watch {
  const frames = signal<readonly WatchedFrame[]>([]);
  const held = signal(0);
  const paused = signal(false);
  const end = signal<SeenClose | null>(null);
  const fault = signal<string | null>(null);
  const stopping = new AbortController();
  let waiting: WatchedFrame[] = [];
  let place = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function draw(): void {
    timer = undefined;
    if (paused.peek()) {
      held.value = waiting.length;
      return;
    }
    const arrived = waiting;
    waiting = [];
    batch(() => {
      frames.value = [...frames.peek(), ...arrived].slice(-MAX_FRAMES);
      held.value = 0;
    });
  }

  async function listen(): Promise<void> {
    for await (const { name, data } of serverEvents(await api.frames(id, stopping.signal))) {
      if (name === "closed") end.value = JSON.parse(data) as SeenClose;
      if (name !== "frame") continue;
      waiting.push({ ...(JSON.parse(data) as SeenFrame), place: place++ });
      if (waiting.length > MAX_FRAMES) waiting.shift();
      timer ??= setTimeout(draw, DRAW_MS);
    }
    if (end.peek() === null) fault.value = "The server ended the stream. Close this and open it again.";
  }

  listen().catch((why: unknown) => {
    if (stopping.signal.aborted) return;
    fault.value = why instanceof ApiError ? why.message : "The stream of frames broke off.";
  });

  return {
    frames,
    held,
    paused,
    end,
    fault,
    clear() {
      waiting = [];
      batch(() => {
        frames.value = [];
        held.value = 0;
      });
    },
    resume() {
      paused.value = false;
      draw();
    },
    stop() {
      stopping.abort();
      clearTimeout(timer);
    },
  };
}
