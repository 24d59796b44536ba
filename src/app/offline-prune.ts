import type { Clock } from "../core/clock.ts";
import { type RetentionSettings, rulesAt } from "../jobs/retention.ts";
import { openStore } from "./offline.ts";

/** Rows a transaction: a running server waits for one no longer than for a write of its own. */
const STEP = 500;
const PAUSE_MS = 5;

/** Removes what is older than the retention from a folder, whether its server runs or not; answers how many rows. */
export async function prune(dataDir: string, settings: RetentionSettings, clock: Clock): Promise<number> {
  const store = openStore(dataDir, clock);
  const rules = rulesAt(clock.now(), settings);
  let removed = 0;
  try {
    for (let gone = STEP; gone === STEP; removed += gone) {
      gone = await store.prune(rules, STEP);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return removed;
  } finally {
    store.close();
  }
}
