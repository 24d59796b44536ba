import { DIALECTS } from "../dialects/all.ts";
import type { Dialect } from "../dialects/dialect.ts";

/** A dialect that this program speaks, by its name. */
export const dialectNamed = (name: string): Dialect | undefined =>
  DIALECTS.find((dialect) => dialect.name === name);

/** All of them. */
export const knownDialects = (): readonly Dialect[] => DIALECTS;
