import type { ClientClock } from "./clock.ts";
import { type End, endOfProblem } from "./closes.ts";
import { asError } from "./errors.ts";
import type { Http } from "./http.ts";

/** An answer that takes longer is none, in milliseconds. */
const PROBE_MS = 5000;
/** A proof that is not taken, a topic that is not open, too many. */
const TELLING: ReadonlySet<number> = new Set([401, 403, 429]);

/**
 * Asks what a socket that did not open cannot say: whether the proof is taken, and the topic open.
 * Null where HTTP knows no reason, or does not get through either.
 */
export async function probe(http: Http, clock: ClientClock, topic?: string): Promise<End | null> {
  const aborting = new AbortController();
  const cancel = clock.after(PROBE_MS, () => aborting.abort());
  try {
    await http.get("/api/v1/events", {
      query: { topics: topic, after: "latest", wait: 0 },
      headers: { accept: "application/json" },
      signal: aborting.signal,
    });
    return null;
  } catch (fault) {
    const problem = asError(fault);
    return TELLING.has(problem.status) ? endOfProblem(problem) : null;
  } finally {
    cancel();
  }
}
