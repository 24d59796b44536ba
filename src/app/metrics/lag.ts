import type { Histogram } from "../../core/histogram.ts";

const EVERY_MS = 250;

/** Watches how late a timer fires, until the answered function is called. */
export function watchLag(lagSeconds: Histogram): () => void {
  let dueMs = performance.now() + EVERY_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    lagSeconds.observe(Math.max(0, nowMs - dueMs) / 1000);
    dueMs = nowMs + EVERY_MS;
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
