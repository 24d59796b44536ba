import { stderrIsTerminal } from "./terminal.ts";

/** One line at the foot of a terminal that says how far long work is. */
export interface Progress {
  /** Replaces what was said before. */
  tell(text: string): void;
  /** Takes the line away, so that something else can be written. */
  clear(): void;
}

const SILENT: Progress = { tell: () => {}, clear: () => {} };
const ERASE = "\r\u001b[K";
/** Faster than this nobody can read. */
const TELL_EVERY_MS = 50;

/** On stderr, and only where somebody reads along. */
export function startProgress(): Progress {
  if (!stderrIsTerminal()) return SILENT;
  let told = false;
  let nextMs = 0;
  return {
    tell(text) {
      const nowMs = performance.now();
      if (nowMs < nextMs) return;
      nextMs = nowMs + TELL_EVERY_MS;
      told = true;
      process.stderr.write(`${ERASE}${fitted(text)}`);
    },
    clear() {
      if (told) process.stderr.write(ERASE);
      told = false;
      nextMs = 0;
    },
  };
}

/** A line that wraps could not be taken away again. */
function fitted(text: string): string {
  // A terminal that does not know its width says 0.
  const width = (process.stderr.columns || 80) - 1;
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/** `12 of 48 (25 %)`. */
export const portion = (done: number, all: number): string =>
  `${done} of ${all} (${all === 0 ? 100 : Math.floor((done / all) * 100)} %)`;
