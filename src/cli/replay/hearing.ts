import { shown } from "../conform/compare.ts";
import { parseJson } from "../../core/json.ts";
import { givenOf, type Placed, type EntryOf } from "../recording/tape.ts";
import type { Desk, Finding } from "./finding.ts";
import type { Ledger } from "./ledger.ts";

type Down = Placed<EntryOf<"down">>;

/** What tells one frame from another. */
const NAMES = ["type", "kind", "action", "to"];

/** What one socket or stream was told in the recording, and what it is told now. */
export class Hearing {
  readonly #line: number;
  readonly #where: string;
  readonly #ledger: Ledger;
  readonly #desk: Desk;
  #expected: Down[] = [];
  #received: unknown[] = [];
  #last = 0;
  /** Of the frames that were expected. */
  count = 0;

  constructor(line: number, where: string, ledger: Ledger, desk: Desk) {
    this.#line = line;
    this.#where = where;
    this.#ledger = ledger;
    this.#desk = desk;
  }

  expect(entry: Down): void {
    this.count++;
    this.#last = entry.at;
    this.#expected.push(entry);
    this.#match();
  }

  receive(text: string): void {
    this.#received.push(valueOf(text));
    this.#match();
    this.#desk.wake();
  }

  /** Whether all that was expected so far has come, or something in its place. */
  get complete(): boolean {
    return this.#expected.every((entry) => this.#likest(entry) !== undefined);
  }

  /** Takes what came for what was expected; what has not come by now, is missing. */
  conclude(waitedMs: number): void {
    for (const entry of this.#expected.splice(0)) {
      const at = this.#likest(entry);
      if (at === undefined) {
        this.#found(entry.at, `nothing came within ${waitedMs / 1000} s`, {
          expected: shown(recordedIn(entry)),
          received: "nothing",
        });
        continue;
      }
      const [received] = this.#received.splice(at, 1);
      const differences = this.#ledger.learn(received, recordedIn(entry));
      if (differences.length > 0)
        this.#found(entry.at, "another frame came", {
          expected: shown(recordedIn(entry)),
          received: shown(received),
          differences,
        });
    }
  }

  /** What came and was never recorded. */
  end(): void {
    for (const received of this.#received.splice(0))
      this.#found(this.#last, "a frame came that is not in the recording", {
        expected: "nothing",
        received: shown(received),
      });
  }

  /** What is exactly as recorded is done with; ids are learned in the order of the recording. */
  #match(): void {
    while (this.#expected.length > 0) {
      const [entry] = this.#expected;
      if (entry === undefined) return;
      const recorded = recordedIn(entry);
      const at = this.#received.findIndex(
        (received) => this.#ledger.differences(received, recorded).length === 0,
      );
      if (at < 0) return;
      this.#ledger.learn(this.#received[at], recorded);
      this.#received.splice(at, 1);
      this.#expected.shift();
    }
  }

  /** Of the frames of the same name the one that differs least. */
  #likest(entry: Down): number | undefined {
    const recorded = recordedIn(entry);
    const called = this.#received.flatMap((received, at) => (isCalled(received, recorded) ? [at] : []));
    const off = called.map((at) => this.#ledger.differences(this.#received[at], recorded).length);
    return called[off.indexOf(Math.min(...off))];
  }

  #found(at: number, what: string, more: Partial<Finding>): void {
    this.#desk.found({ line: this.#line, at, where: this.#where, what, differences: [], ...more });
  }
}

const isCalled = (received: unknown, recorded: unknown): boolean =>
  NAMES.every((name) => fieldOf(received, name) === fieldOf(recorded, name));

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** JSON where it is some, else the text. */
export function valueOf(text: string): unknown {
  const value = parseJson(text);
  return value === undefined ? text : value;
}

const recordedIn = (entry: Down): unknown => ("json" in entry ? entry.json : String(givenOf(entry) ?? ""));
