import type { Crowd } from "./crowd.ts";
import { cpuSeconds } from "./process.ts";
import type { Subject } from "./subject.ts";

/** One measurement. */
export interface Sample {
  /** In the scenario's unit. */
  readonly value: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** Share of one processor that the server and the load took; null where that is not known. */
  readonly serverCpu?: number | null;
  readonly loadCpu?: number | null;
}

/** Sockets that are open and joined, ready to be measured as often as wanted. */
export interface Ready {
  readonly measure: (ms: number) => Promise<Sample>;
  readonly close: () => Promise<void>;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** `lower`: the smaller value is the better one. */
  readonly better: "higher" | "lower";
  /** Each measurement begins with a fresh server. */
  readonly fresh?: boolean;
  /** So many sockets that each measurement opens and closes its own. */
  readonly crowded?: boolean;
  /** Null where the server cannot do it. */
  readonly prepare: (subject: Subject) => Promise<Ready | null>;
}

/** Of a second, before what counts begins. */
export const WARM_UP_MS = 300;
export const TEXT_LENGTH = 100;
/** A text of a fixed length that carries the time at which it was sent. */
export const stamped = (): string => `@${performance.now().toFixed(3)}@`.padEnd(TEXT_LENGTH, "x");
export const sentAt = (text: string): number => Number(/@([\d.]+)@/.exec(text)?.[1] ?? Number.NaN);

interface Window {
  readonly frames: number;
  readonly seconds: number;
  readonly serverCpu: number | null;
  readonly loadCpu: number | null;
}

/** What arrives in a while, after a warm-up. */
export async function windowOf(crowd: Crowd, pid: number | null, ms: number): Promise<Window> {
  await Bun.sleep(WARM_UP_MS);
  const [server, load] = [cpuSeconds(pid), cpuSeconds(process.pid)];
  const [frames, began] = [crowd.tally.frames, performance.now()];
  await Bun.sleep(ms);
  const seconds = (performance.now() - began) / 1000;
  const share = (before: number | null, after: number | null): number | null =>
    before === null || after === null ? null : (after - before) / seconds;
  return {
    frames: crowd.tally.frames - frames,
    seconds,
    serverCpu: share(server, cpuSeconds(pid)),
    loadCpu: share(load, cpuSeconds(process.pid)),
  };
}
