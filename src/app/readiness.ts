import type { Bus } from "../bus/bus.ts";
import type { Readiness } from "../core/readiness.ts";
import type { Hub } from "../hub/hub.ts";
import type { Store } from "../store/store.ts";

export interface ReadinessSources {
  readonly store: Pick<Store, "message" | "current">;
  readonly bus: Pick<Bus, "ready">;
  readonly hub: Pick<Hub, "stats">;
  readonly accepting: boolean;
}

/** Looks at each part; never throws. */
export async function readiness({ store, bus, hub, accepting }: ReadinessSources): Promise<Readiness> {
  // Not the ends of the log, which the store knows by heart; there is no such message.
  const readable = await answers(async () => {
    await store.message(0);
    return true;
  });
  return {
    store: readable !== null,
    writes: hub.stats().writable,
    // What cannot be read is told once.
    migrations: (await answers(() => store.current())) ?? true,
    bus: bus.ready,
    accepting,
  };
}

async function answers<T>(ask: () => T | Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch {
    return null;
  }
}
