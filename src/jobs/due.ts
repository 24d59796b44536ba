import type { Clock } from "../core/clock.ts";
import { isRefusal, type ErrorCode } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Reads, Scheduled } from "../store/store.ts";

export interface DueDeps {
  readonly store: Pick<Reads, "due">;
  /** Executes the command as whoever asked for it, with `completes`: answers its reply or a Refusal. */
  readonly execute: (due: Scheduled) => Promise<unknown>;
  /** Takes back what can never be executed. */
  readonly drop: (scheduledId: number) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const BATCH = 100;
/** Faults of ours after which a command is given up, a second apart. */
const MAX_FAULTS = 5;

/** What will pass: the disk is full, or the server is going down. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "STORE_FULL",
  "SHUTTING_DOWN",
  "TOO_MANY_REQUESTS",
]);

type End = "done" | "dropped" | "again";

/**
 * Executes what is due, the oldest first. The write of a command takes it off the schedule in the
 * same transaction, so that it happens once, whatever is interrupted.
 */
export function createDue({ store, execute, drop, clock, log }: DueDeps): () => Promise<void> {
  const faults = new Map<number, number>();
  let limit = BATCH;

  async function one(due: Scheduled): Promise<End> {
    const { scheduled_id } = due;
    const fields = { scheduled_id, command: due.command.name };
    const reply = await execute(due);
    if (isRefusal(reply) && PASSING.has(reply.refused)) return "again";
    if (isRefusal(reply) && reply.refused === "INTERNAL") {
      const count = (faults.get(scheduled_id) ?? 0) + 1;
      if (count < MAX_FAULTS) {
        faults.set(scheduled_id, count);
        return "again";
      }
    }
    faults.delete(scheduled_id);
    // CONFLICT: somebody else was faster.
    if (!isRefusal(reply) || reply.refused === "CONFLICT") return "done";
    log.warn("SCHEDULED_DROPPED", "what was scheduled is refused now; it is given up", {
      ...fields,
      refused: reply.refused,
      detail: reply.detail,
    });
    drop(scheduled_id);
    return "dropped";
  }

  return async () => {
    for (;;) {
      const due = await store.due(clock.now(), limit);
      const ends = await Promise.all(due.map(one));
      // While the store is full one try a second is enough.
      limit = ends.includes("again") ? 1 : BATCH;
      if (due.length < BATCH || ends.some((end) => end !== "done")) return;
    }
  };
}
