import type { Connection } from "./connection.ts";

/**
 * When tokens expire, in buckets by the second under the hub's one ticker (a timer of 30 days
 * would fire at once, and one a socket costs memory).
 */
export class Expiry {
  readonly #buckets = new Map<number, Set<Connection>>();

  add(connection: Connection): void {
    const second = Math.ceil(connection.who.expiresAt);
    if (!Number.isFinite(second)) return;
    const bucket = this.#buckets.get(second);
    if (bucket === undefined) this.#buckets.set(second, new Set([connection]));
    else bucket.add(connection);
  }

  remove(connection: Connection): void {
    const second = Math.ceil(connection.who.expiresAt);
    const bucket = this.#buckets.get(second);
    if (bucket?.delete(connection) === true && bucket.size === 0) this.#buckets.delete(second);
  }

  /** Takes out everybody whose token expires up to this second. */
  due(nowSeconds: number): Connection[] {
    const due: Connection[] = [];
    for (const [second, bucket] of this.#buckets) {
      if (second > nowSeconds) continue;
      this.#buckets.delete(second);
      due.push(...bucket);
    }
    return due;
  }
}
