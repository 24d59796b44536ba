import { isoTime, type Clock } from "../core/clock.ts";
import type { Meters } from "../core/meters.ts";
import type { Log } from "../core/log.ts";
import type { RetentionRules, Store } from "../store/store.ts";

/** How long what is kept, and how much of it; 0: for ever, all. */
export interface RetentionSettings {
  readonly retentionEventsDays: number;
  readonly retentionEventsMax: number;
  readonly retentionNotificationsDays: number;
  readonly retentionNotificationsMax: number;
  readonly retentionSecurityLogDays: number;
  readonly retentionSecurityLogMax: number;
}

export interface RetentionDeps {
  readonly store: Pick<Store, "prune">;
  readonly settings: RetentionSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly meters: Pick<Meters, "pruned">;
  /** True where no further step may be begun. */
  readonly stopping: () => boolean;
  readonly pause: (ms: number) => Promise<void>;
}

const DAY_MS = 24 * 3_600_000;
const EVERY_MS = 60_000;
/** Rows a step: some milliseconds. */
const STEP = 500;
const MIN_PAUSE_MS = 20;
/** Pauses are so many times as long as the step before them: pruning takes a fifth of the loop at most. */
const PAUSE_FACTOR = 4;

/** What may go at a moment. */
export function rulesAt(nowMs: number, settings: RetentionSettings): RetentionRules {
  const ago = (days: number): string | null => (days === 0 ? null : isoTime(nowMs - days * DAY_MS));
  const most = (rows: number): number | null => (rows === 0 ? null : rows);
  return {
    eventsBefore: ago(settings.retentionEventsDays),
    eventsMax: most(settings.retentionEventsMax),
    notificationsBefore: ago(settings.retentionNotificationsDays),
    notificationsMax: most(settings.retentionNotificationsMax),
    securityBefore: ago(settings.retentionSecurityLogDays),
    securityMax: most(settings.retentionSecurityLogMax),
    now: isoTime(nowMs),
  };
}

/**
 * Prunes in small steps until nothing is left to do, with a pause after each (told how long the
 * step took); answers how many rows went.
 */
export async function pruneInSteps(
  store: Pick<Store, "prune">,
  rules: RetentionRules,
  pause: (stepMs: number) => Promise<void>,
  stopping: () => boolean = () => false,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const startedMs = performance.now();
    const gone = await store.prune(rules, STEP);
    removed += gone;
    if (gone < STEP || stopping()) return removed;
    await pause(performance.now() - startedMs);
  }
}

/** Prunes once a minute, in small steps with pauses, so that nothing stalls. */
export function createRetention(deps: RetentionDeps): () => Promise<void> {
  const { store, settings, clock, log, meters, stopping, pause } = deps;
  let lastMs = Number.NEGATIVE_INFINITY;

  return async () => {
    const nowMs = clock.now();
    // Also where the clock was set back.
    if (Math.abs(nowMs - lastMs) < EVERY_MS) return;
    lastMs = nowMs;
    const rest = (stepMs: number): Promise<void> => pause(Math.max(MIN_PAUSE_MS, stepMs * PAUSE_FACTOR));
    const removed = await pruneInSteps(store, rulesAt(nowMs, settings), rest, stopping);
    meters.pruned += removed;
    if (removed > 0) log.debug("PRUNED", "what is older than the retention was removed", { rows: removed });
  };
}
