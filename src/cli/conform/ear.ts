import { isObject } from "../../core/json.ts";
import type { Suite } from "./check.ts";
import { compare, shown } from "./compare.ts";
import { type Expected, isSpecial, render } from "./expect.ts";
import type { Notebook } from "./notebook.ts";
import type { Peer } from "./peer.ts";
import { Skip, Stop } from "./result.ts";
import type { Run } from "./run.ts";
import type { HeardItem } from "./steps.ts";

/** How long nothing is listened to, where nothing can prove that nothing comes. */
const QUIET_MS = 150;

/** Listens to one socket of a check: are these the frames, and no others? */
export class Ear {
  readonly peer: Peer;
  readonly #name: string;
  readonly #path: string;
  readonly #suite: Suite;
  readonly #run: Run;
  readonly #notes: Notebook;
  /** Frames that only Dragoman's contract promises, and that have not come yet. */
  #pending: HeardItem[] = [];

  constructor(name: string, path: string, peer: Peer, suite: Suite, run: Run, notes: Notebook) {
    this.#name = name;
    this.#path = path;
    this.peer = peer;
    this.#suite = suite;
    this.#run = run;
    this.#notes = notes;
  }

  async hear(items: readonly HeardItem[]): Promise<void> {
    const left = [...items];
    while (left.some(({ level }) => level === "documented")) {
      const heard = await this.peer.next(this.#run.waitMs);
      const first = left.find(({ level }) => level === "documented") ?? left[0];
      if (first === undefined) return;
      if (heard === null || "closed" in heard) {
        const what = heard === null ? this.#nothing() : this.#ended(heard.closed);
        this.#notes.found(what, "documented", { expected: render(first.expected), got: "nothing" });
        throw new Stop();
      }
      this.#take(heard.text, left, first);
    }
    this.#pending.push(...left);
  }

  /** What may come comes now: additions that are due, and nothing else. */
  async settle(): Promise<void> {
    while (this.#pending.length > 0) {
      const heard = await this.peer.next(this.#run.additionMs);
      if (heard === null || "closed" in heard) break;
      this.#unasked(heard.text);
    }
    for (const { expected } of this.#pending.splice(0))
      this.#notes.found(`${this.#name} does not hear what Dragoman adds`, "addition", {
        expected: render(expected),
        got: "nothing",
      });
    for (const text of await this.peer.rest(this.#run.timeoutMs)) this.#unasked(text);
  }

  /** Goes, but not before what was sent already has come. */
  async leave(): Promise<void> {
    if (this.#pending.length > 0)
      for (const text of await this.peer.rest(this.#run.timeoutMs)) this.#unasked(text);
    await this.peer.close();
  }

  async quiet(): Promise<void> {
    const heard = await this.peer.next(Math.min(QUIET_MS, this.#run.timeoutMs));
    if (heard !== null && "closed" in heard) {
      this.#notes.found(this.#ended(heard.closed));
      throw new Stop();
    }
    if (heard !== null) this.#unasked(heard.text);
    for (const text of await this.peer.rest(this.#run.timeoutMs)) this.#unasked(text);
  }

  /** `moreMs` where the reason for it has to come first. */
  async closed(expected: Expected, moreMs: number): Promise<void> {
    const waitMs = this.#run.waitMs + moreMs;
    for (;;) {
      const heard = await this.peer.next(waitMs);
      if (heard === null) {
        this.#notes.found(`${this.#name} is not closed within ${waitMs / 1000} s`, "documented", {
          expected: render(expected),
          got: "an open socket",
        });
        throw new Stop();
      }
      if ("closed" in heard) {
        this.#notes.note(`${this.#name} is closed: ${heard.closed.code} ${heard.closed.reason}`);
        this.#notes.compared(`how ${this.#name} is closed`, heard.closed, expected);
        return;
      }
      this.#unasked(heard.text);
    }
  }

  #take(text: string, left: HeardItem[], first: HeardItem): void {
    this.#notes.note(`${this.#name} ← ${text}`);
    const frame = this.#parsed(text);
    const item = this.#likest(frame, [...left, ...this.#pending]);
    if (item === undefined) return this.#stranger(frame, left, first);
    if (!left.includes(item)) return void this.#isLate(frame);
    const place = left.indexOf(item);
    const skipped = left.splice(0, place + 1).slice(0, -1);
    const required = skipped.filter(({ level }) => level === "documented");
    // Those that the document asks for may still come; that they come in this order, it does not say.
    left.unshift(...required);
    this.#pending.push(...skipped.filter(({ level }) => level === "addition"));
    if (required.length > 0) this.#outOfOrder(frame, required);
    this.#compare(frame, item);
  }

  #outOfOrder(frame: unknown, required: readonly HeardItem[]): void {
    this.#notes.found(`${this.#name} hears frames in another order`, "addition", {
      expected: required.map(({ expected }) => render(expected)).join(" before "),
      got: shown(frame),
    });
  }

  #compare(frame: unknown, { expected, schema, content }: HeardItem): void {
    this.#notes.compared(
      `what ${this.#name} hears`,
      frame,
      expected,
      content,
      schema === null ? undefined : this.#run.schemas[schema],
    );
  }

  /** Not what was expected next: something late, something of its own kind, or simply wrong. */
  #stranger(frame: unknown, left: HeardItem[], first: HeardItem): void {
    if (this.#isLate(frame)) return;
    if (isClosedRoom(frame) && !this.#run.given.roomNamed) throw new Skip(NAME_ROOM);
    const differences = compare(frame, first.expected, new Map(this.#notes.kept));
    const [only] = differences;
    const miscalled = differences.length === 1 && only !== undefined && NAMES.includes(only.path);
    if (!miscalled && this.#isNoise(frame)) return;
    this.#notes.compared(`what ${this.#name} hears`, frame, first.expected);
    if (!miscalled) throw new Stop();
    left.splice(left.indexOf(first), 1);
  }

  #unasked(text: string): void {
    this.#notes.note(`${this.#name} ← ${text}`);
    const frame = this.#parsed(text);
    if (this.#isLate(frame) || this.#isNoise(frame)) return;
    this.#notes.found(`${this.#name} hears a frame that nothing asked for`, "documented", {
      expected: "nothing",
      got: shown(frame),
    });
  }

  /** Of the frames that it could be by its names the one that it differs least from. */
  #likest(frame: unknown, items: readonly HeardItem[]): HeardItem | undefined {
    const called = items.filter(({ expected }) => isCalled(frame, expected));
    const off = called.map(({ expected }) => {
      const differences = compare(frame, expected, new Map(this.#notes.kept));
      const documented = differences.filter(({ level }) => level === "documented");
      return documented.length * 100 + differences.length;
    });
    return called[off.indexOf(Math.min(...off))];
  }

  #isLate(frame: unknown): boolean {
    const item = this.#likest(frame, this.#pending);
    this.#pending = this.#pending.filter((pending) => pending !== item);
    if (item !== undefined) this.#compare(frame, item);
    return item !== undefined;
  }

  /** Frames of a type that no document has are told of once, and not in each check. */
  #isNoise(frame: unknown): boolean {
    if (!isObject(frame) || typeof frame["type"] !== "string" || this.#run.types.has(frame["type"]))
      return false;
    const name = `${this.#path} ${frame["type"]}`;
    if (!this.#run.noise.has(name)) {
      this.#run.noise.add(name);
      this.#notes.found(
        `${this.#name} hears a frame of the type "${frame["type"]}", which ${this.#suite.document} does not have (told of once)`,
        "documented",
        { expected: "nothing", got: shown(frame) },
      );
    }
    return true;
  }

  #parsed(text: string): unknown {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      this.#notes.found(`${this.#name} hears what is not JSON`, "documented", {
        expected: "JSON",
        got: shown(text),
      });
      throw new Stop();
    }
  }

  #nothing(): string {
    return `${this.#name} hears nothing within ${this.#run.waitMs / 1000} s`;
  }

  #ended({ code, reason }: { readonly code: number; readonly reason: string }): string {
    return `${this.#name} is closed with ${code}${reason === "" ? "" : ` ${reason}`}`;
  }
}

const NAME_ROOM = "the users may not enter that room: name one that they may with --room";

/** Refused for want of access, as chat tells it. */
const isClosedRoom = (frame: unknown): boolean =>
  isObject(frame) && frame["type"] === "error" && isObject(frame["data"]) && frame["data"]["code"] === 4403;

/** What tells one frame from another. */
const NAMES = ["type", "kind", "action", "to", "data.action"];

/** Whether all names that are expected as they are, are there. A frame without any is only compared. */
function isCalled(frame: unknown, expected: Expected): boolean {
  return NAMES.every((path) => {
    const wanted = field(expected, path);
    return (typeof wanted !== "string" && typeof wanted !== "number") || field(frame, path) === wanted;
  });
}

function field(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => {
    if (!isObject(inner) || isSpecial(inner as Expected)) return undefined;
    return inner[key];
  }, value);
}
