import type { Clock } from "../core/clock.ts";
import { pruneInSteps, type RetentionSettings, rulesAt } from "../jobs/retention.ts";
import { openStore } from "./offline.ts";

/** Between two steps a running server gets its turn. */
const PAUSE_MS = 5;

/**
 * Removes what is older than the retention from a folder, whether its server runs or not; answers how
 * many rows. `tell` hears after each step how many steps there were.
 */
export async function prune(
  dataDir: string,
  settings: RetentionSettings,
  clock: Clock,
  tell: (steps: number) => void = () => {},
): Promise<number> {
  const store = openStore(dataDir, clock);
  let steps = 0;
  const pause = (): Promise<void> => {
    tell(++steps);
    return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  };
  try {
    return await pruneInSteps(store, rulesAt(clock.now(), settings), pause);
  } finally {
    store.close();
  }
}
