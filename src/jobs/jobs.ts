import type { Log } from "../core/log.ts";
import { createDue, type DueDeps } from "./due.ts";
import { createRetention, type RetentionDeps } from "./retention.ts";

export type JobsDeps = Omit<DueDeps & RetentionDeps, "stopping" | "pause">;

export interface Jobs {
  /**
   * Once a second. Begins what is to be done and not under way; resolves when that is done, which
   * nobody needs to wait for. Never rejects.
   */
  tick(): Promise<void>;
  /** Begins nothing more, and waits for what is under way. */
  stop(): Promise<void>;
}

/** What happens by itself: notifications that are due, and retention. Expiry is looked at by whoever reads. */
export function createJobs(deps: JobsDeps): Jobs {
  let stopping = false;
  const jobs = [
    oneAtATime(createDue(deps), deps.log),
    oneAtATime(createRetention({ ...deps, stopping: () => stopping, pause }), deps.log),
  ];
  const all = async (run: (job: (typeof jobs)[number]) => Promise<void>): Promise<void> => {
    await Promise.all(jobs.map(run));
  };

  return {
    tick: async () => {
      if (!stopping) await all((job) => job.begin());
    },
    stop: async () => {
      stopping = true;
      await all((job) => job.underWay() ?? Promise.resolve());
    },
  };
}

interface Job {
  begin(): Promise<void>;
  underWay(): Promise<void> | null;
}

/** A fault is logged, and the next tick tries again. */
function oneAtATime(work: () => Promise<void>, log: Log): Job {
  let current: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    try {
      await work();
    } catch (fault) {
      log.error("JOB_FAILED", "a job of the server failed; it is tried again", { fault });
    } finally {
      current = null;
    }
  };
  return {
    begin: () => (current ??= run()),
    underWay: () => current,
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
