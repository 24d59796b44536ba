/** Waits, at most until the signal. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });

/** Aborts at Ctrl-C, SIGTERM, or when nobody reads the output any more; a second signal ends at once. */
export function untilStopped(): AbortController {
  const stopped = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (stopped.signal.aborted) process.exit(1);
      stopped.abort();
    });
  process.stdout.on("error", () => stopped.abort());
  return stopped;
}
