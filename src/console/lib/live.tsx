import { type Signal, signal } from "@preact/signals";
import { createContext, type VNode } from "preact";
import { useContext } from "preact/hooks";
import { classes } from "./classes.ts";
import { Icon } from "./icon.tsx";

const SHOWN_MS = 5000;
const SPOKEN_EVERY_MS = 1500;

export interface Told {
  readonly text: string;
  readonly bad: boolean;
}

/** What the page has to say at the side: shown for a moment, and spoken politely. */
export interface Announcer {
  /** Shown and spoken. */
  readonly tell: (text: string, kind?: "bad") => void;
  /** Spoken only; of many in a short time, the last one. */
  readonly speak: (text: string) => void;
  readonly shown: Signal<Told | null>;
  readonly spoken: Signal<string>;
  /** Dialogs that are open: what lies under the topmost one is not heard. */
  readonly depth: Signal<number>;
}

export function createAnnouncer(): Announcer {
  const shown = signal<Told | null>(null);
  const spoken = signal("");
  let hiding: ReturnType<typeof setTimeout> | undefined;
  let waiting: string | null = null;
  let lastMs = Number.NEGATIVE_INFINITY;

  function speak(text: string): void {
    const waits = waiting !== null;
    waiting = text;
    if (waits) return;
    const restMs = lastMs + SPOKEN_EVERY_MS - performance.now();
    setTimeout(
      () => {
        // The same words twice are heard only where they differ.
        spoken.value = waiting === spoken.value ? `${waiting}\u00a0` : (waiting ?? "");
        waiting = null;
        lastMs = performance.now();
      },
      Math.max(0, restMs),
    );
  }

  return {
    shown,
    spoken,
    depth: signal(0),
    speak,
    tell(text, kind) {
      clearTimeout(hiding);
      shown.value = { text, bad: kind === "bad" };
      hiding = setTimeout(() => {
        shown.value = null;
      }, SHOWN_MS);
      speak(text);
    },
  };
}

export const AnnouncerContext = createContext<Announcer>(createAnnouncer());
export const useAnnouncer = (): Announcer => useContext(AnnouncerContext);

/** Once in the page, and once in every dialog: the topmost one shows and speaks. */
export function Announcements({ depth = 0 }: { readonly depth?: number }): VNode {
  const announcer = useAnnouncer();
  const top = announcer.depth.value === depth;
  const told = top ? announcer.shown.value : null;
  return (
    <>
      <p class="spoken" role="status" aria-live="polite">
        {top ? announcer.spoken.value : ""}
      </p>
      <div class="toasts" aria-hidden="true">
        {told === null ? null : (
          <div class={classes("toast", told.bad && "bad")}>
            <Icon name={told.bad ? "alert" : "check"} />
            {told.text}
          </div>
        )}
      </div>
    </>
  );
}
