import type { Publication } from "../core/event.ts";

/**
 * DOOR of the bus: how nodes of one deployment hear of each other. The log is the truth, the
 * bus a doorbell: an adapter MAY lose anything, and nothing is lost by it, because a node that
 * sees a hole reads the store. `ring` MUST NOT block, MUST NOT throw, and MUST NOT call back
 * on the node that rang.
 */
export interface Bus {
  /** Tells the other nodes what this one has told, in order; `told` is the last durable id. */
  ring(publications: readonly Publication[], told: number): void;
  /** Called for what other nodes ring. */
  listen(hear: (publications: readonly Publication[], told: number) => void): void;
  /** True while the other nodes can be reached. */
  readonly ready: boolean;
  close(): Promise<void>;
}
