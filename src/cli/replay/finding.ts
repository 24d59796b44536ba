import type { Difference } from "../conform/compare.ts";

/** Something that was not as in the recording. */
export interface Finding {
  /** The socket or request, by its number in the recording. */
  readonly line: number;
  /** The line of the file; of what came too much, the last that had passed. */
  readonly at: number;
  /** `chat /api/v1/ws/connect as alice`, `PATCH /api/v1/tasks/17`. */
  readonly where: string;
  /** In one line. */
  readonly what: string;
  readonly expected?: string;
  readonly received?: string;
  readonly differences: readonly Difference[];
}

/** Where findings go, and what wakes whoever waits for something to come. */
export interface Desk {
  found(finding: Finding): void;
  wake(): void;
}
