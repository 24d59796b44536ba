import type { Check } from "./check.ts";
import type { Level } from "./expect.ts";
import type { Difference } from "./compare.ts";

/** Something that is not as expected. */
export interface Finding {
  readonly level: Level;
  /** One line: what was looked at, and what is wrong with it. */
  readonly what: string;
  /** As JSON, where there was something to compare. */
  readonly expected?: string;
  readonly got?: string;
  readonly differences: readonly Difference[];
}

/** `addition`: as documented, but without something that Dragoman adds. */
export type Outcome = "ok" | "differs" | "skipped" | "addition";

export interface Result {
  readonly check: Check;
  readonly outcome: Outcome;
  readonly findings: readonly Finding[];
  /** Why it was skipped. */
  readonly why?: string;
  /** What was done and heard, as lines. */
  readonly transcript: readonly string[];
  readonly ms: number;
}

/** Cannot be run here: why, and what would make it run. */
export class Skip extends Error {
  override readonly name = "Skip";
}

/** Found enough: what would follow makes no sense any more. */
export class Stop extends Error {
  override readonly name = "Stop";
}
