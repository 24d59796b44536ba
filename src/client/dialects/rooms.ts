import type { ClientClock } from "../clock.ts";
import type { Cursor } from "../cursors.ts";
import { DragomanError } from "../errors.ts";
import type { DialectSpec } from "./dialect-client.ts";

interface Room {
  readonly name: string;
  /** As the server spells it. */
  spelled: string;
  /** Where to begin; null where it goes on with everything else. */
  since: Cursor | null;
  joined: boolean;
  readonly waiting: { readonly resolve: () => void; readonly reject: (fault: DragomanError) => void }[];
}

/** A join without an answer for so long: the connection is given up, in milliseconds. */
const ANSWER_MS = 15_000;

export interface RoomsDeps {
  readonly clock: ClientClock;
  readonly send: (frame: object) => void;
  /** Where a room that was joined before goes on; undefined where nothing resumes. */
  readonly after: () => Cursor | undefined;
  /** A room was joined. */
  readonly joined: () => void;
  readonly unanswered: () => void;
}

/** The rooms that a connection is to be in: joined one after another, since answers name no question. */
export class Rooms<F> {
  readonly #spec: DialectSpec<F>;
  readonly #deps: RoomsDeps;
  readonly #rooms = new Map<string, Room>();
  #open = false;
  #asked: { readonly room: Room; readonly since: Cursor | undefined; readonly cancel: () => void } | null =
    null;
  #leaving: string[] = [];

  constructor(spec: DialectSpec<F>, deps: RoomsDeps) {
    this.#spec = spec;
    this.#deps = deps;
  }

  /** Everything that was to be joined is. */
  get settled(): boolean {
    return this.#open && [...this.#rooms.values()].every(({ joined }) => joined);
  }

  /** True of a room that is to be joined and is not yet. */
  awaits(name: string): boolean {
    return this.#rooms.get(name)?.joined === false;
  }

  /** What is personal has been told: rooms may be joined. */
  begin(): void {
    this.#open = true;
    this.#next();
  }

  ended(): void {
    this.#open = false;
    this.#leaving = [];
    this.#asked?.cancel();
    this.#asked = null;
    for (const room of this.#rooms.values()) room.joined = false;
  }

  /** No connection will come. */
  fail(fault: DragomanError): void {
    for (const { waiting } of this.#rooms.values()) for (const { reject } of waiting.splice(0)) reject(fault);
  }

  join(name: string, since: Cursor | undefined): Promise<void> {
    const known = this.#rooms.get(name);
    if (known?.joined === true && since === undefined) return Promise.resolve();
    const room = known ?? { name, spelled: name, since: since ?? "latest", joined: false, waiting: [] };
    if (since !== undefined) room.since = since;
    room.joined = false;
    this.#rooms.set(name, room);
    const promise = new Promise<void>((resolve, reject) => room.waiting.push({ resolve, reject }));
    this.#next();
    return promise;
  }

  leave(name: string): void {
    const room = this.#rooms.get(name);
    this.#rooms.delete(name);
    for (const { resolve } of room?.waiting.splice(0) ?? []) resolve();
    // What is being joined is left when it has been.
    if (room?.joined === true || this.#asked?.room === room) this.#leaving.push(name);
    this.#next();
  }

  /** Looks for the answer to a join. */
  heard(frame: F): void {
    const asked = this.#asked;
    if (asked === null) return;
    const spelled = this.#spec.joined?.(frame) ?? null;
    const wrong = this.#spec.refused?.(frame) ?? null;
    if (spelled !== null) {
      asked.cancel();
      asked.room.spelled = spelled;
      if (asked.since === undefined) this.#joined(asked.room);
    } else if (wrong !== null) {
      asked.cancel();
      this.#asked = null;
      this.#rooms.delete(asked.room.name);
      for (const { reject } of asked.room.waiting.splice(0)) reject(new DragomanError("REFUSED", wrong));
      this.#next();
    }
  }

  /** The past of the room that was asked for has been told. */
  resumed(): { readonly room: string; readonly since: Cursor } | null {
    const asked = this.#asked;
    if (asked === null) return null;
    this.#joined(asked.room);
    return { room: asked.room.spelled, since: asked.since ?? "latest" };
  }

  /** True of a frame from before everything else goes on: the past of the room that is being joined. */
  isHistory(room: string | null, id: number, after: Cursor): boolean {
    const asked = this.#asked?.room;
    if (asked === undefined || asked.spelled !== room || typeof asked.since !== "number") return false;
    if (after === "latest" || id > after || id <= asked.since) return false;
    asked.since = id;
    return true;
  }

  #joined(room: Room): void {
    this.#asked?.cancel();
    this.#asked = null;
    room.since = null;
    room.joined = true;
    for (const { resolve } of room.waiting.splice(0)) resolve();
    this.#deps.joined();
    this.#next();
  }

  #next(): void {
    if (!this.#open || this.#asked !== null) return;
    for (const name of this.#leaving.splice(0)) this.#deps.send(this.#spec.leave?.(name) ?? {});
    const room = [...this.#rooms.values()].find(({ joined }) => !joined);
    if (room === undefined) return;
    const after = this.#deps.after();
    const since = after === undefined ? undefined : (room.since ?? after);
    const cancel = this.#deps.clock.after(ANSWER_MS, this.#deps.unanswered);
    this.#asked = { room, since, cancel };
    this.#deps.send(this.#spec.join?.(room.name, since) ?? {});
  }
}
