import type { Cursor } from "../cursors.ts";

/**
 * Where a connection of a documented dialect goes on. One event may be several frames there (chat
 * tells a changed task once for each of its aspects), so frames of the newest event are counted:
 * a connection that broke between two of them goes on before the event and drops as many.
 */
export class FrameCursor {
  #after: Cursor;
  /** Frames had, of each event behind `after`. */
  readonly #had = new Map<number, number>();
  /** Frames that come a second time. */
  #again = new Map<number, number>();
  #steady = false;

  constructor(after: Cursor) {
    this.#after = after;
  }

  get after(): Cursor {
    return this.#after;
  }

  /** A new connection goes on from `after`: parts of the past come by room, in no common order. */
  reconnects(): void {
    this.#again = new Map(this.#had);
    this.#steady = false;
  }

  /** True of a frame that is still to be told. */
  take(id: number): boolean {
    if (this.#after !== "latest" && id <= this.#after) return false;
    const again = this.#again.get(id) ?? 0;
    if (again > 0) {
      this.#again.set(id, again - 1);
      return false;
    }
    this.#had.set(id, (this.#had.get(id) ?? 0) + 1);
    if (this.#steady) this.#raise(id - 1);
    return true;
  }

  /** The first word of where the server is; a later one changes nothing. */
  begin(lastEventId: number): void {
    if (this.#after === "latest") this.#raise(this.#had.has(lastEventId) ? lastEventId - 1 : lastEventId);
  }

  /** Everything up to here has been told, and from now on frames come in the order of the log. */
  steady(lastEventId: number): void {
    this.#steady = true;
    this.#raise(this.#had.has(lastEventId) ? lastEventId - 1 : lastEventId);
  }

  /** The server's log is another one. */
  reset(): void {
    this.#after = "latest";
    this.#had.clear();
    this.#again.clear();
  }

  #raise(to: number): void {
    if (this.#after !== "latest" && to <= this.#after) return;
    this.#after = to;
    for (const id of this.#had.keys()) if (id <= to) this.#had.delete(id);
  }
}
