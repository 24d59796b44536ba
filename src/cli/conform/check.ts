import type { Level } from "./expect.ts";
import type { Scene } from "./scene.ts";
import type { Step } from "./steps.ts";

/** What a check cannot be run without. */
export type Need = "user" | "second" | "secret" | "privileged" | "forbidden";

/** One sentence of a contract, and how to see whether it holds. */
export interface Check {
  /** Short, unique in its suite, kept when the sentence is worded anew: for `--only`. */
  readonly name: string;
  readonly says: string;
  /** Where that is written. */
  readonly heading: string;
  readonly level: Level;
  readonly needs: readonly Need[];
  /** What it takes beyond the usual time limit, because something has to pass. */
  readonly extraMs?: number;
  readonly steps: (scene: Scene) => readonly Step[];
}

/** All checks of a dialect, in the order in which they are run. */
export interface Suite {
  readonly dialect: string;
  /** The document that the headings of its documented checks are in. */
  readonly document: string;
  readonly checks: readonly Check[];
}

/** The document of all additions. */
export const CONTRACT = "Dragoman's wire contract";

type Steps = Check["steps"];
type More = Partial<Pick<Check, "needs" | "extraMs">>;

/** Checks under one heading: `heading("Join Room", "documented")("join", "…", [...], steps)`. */
export const under =
  (heading: string, level: Level = "documented") =>
  (name: string, says: string, steps: Steps, { needs = ["user"], ...more }: More = {}): Check => ({
    name,
    says,
    heading,
    level,
    needs,
    ...more,
    steps,
  });
