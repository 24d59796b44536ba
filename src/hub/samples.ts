import { isoTime } from "../core/clock.ts";
import { countAnswer, type Meters } from "../core/meters.ts";
import type { Series } from "../core/admin.ts";

/** Seconds that are kept. */
const MAX_SAMPLES = 900;
/** About so many frames a second are timed, however many come. */
const TIMED_A_SECOND = 50;

/** The meters that are looked at each second. */
const METERS = ["framesIn", "framesOut", "timed", "timedMs", "commits", "commitMs"] as const;
type Counts = Pick<Meters, (typeof METERS)[number]>;

/** What happened, a second: rings of fixed size. NaN is "nothing to measure". */
export class Samples {
  /** Which frame is timed next, by its number in `framesIn`: all that is looked at for the others. */
  timeNext = 1;
  #timeEvery = 1;
  readonly #meters: Meters;
  readonly #connections = new Uint32Array(MAX_SAMPLES);
  readonly #framesIn = new Float64Array(MAX_SAMPLES);
  readonly #framesOut = new Float64Array(MAX_SAMPLES);
  readonly #latencyMs = new Float64Array(MAX_SAMPLES);
  readonly #commitMs = new Float64Array(MAX_SAMPLES);
  #count = 0;
  /** Unix seconds: the end of the last sample. */
  #second: number;
  #before: Counts;

  constructor(meters: Meters, nowMs: number) {
    this.#meters = meters;
    this.#second = Math.floor(nowMs / 1000);
    this.#before = countsOf(meters);
  }

  /** Once a second. What a late call covers is spread over the seconds that it covers. */
  take(nowMs: number, connections: number): void {
    const second = Math.floor(nowMs / 1000);
    const passed = second - this.#second;
    if (passed === 0) return;
    this.#second = second;
    const now = countsOf(this.#meters);
    const before = this.#before;
    this.#before = now;
    // Where the clock was set back there is one sample, and the series goes on from there.
    const slots = passed < 0 ? 1 : Math.min(passed, MAX_SAMPLES);
    const framesIn = now.framesIn - before.framesIn;
    const framesOut = now.framesOut - before.framesOut;
    const latencyMs = (now.timedMs - before.timedMs) / (now.timed - before.timed);
    const commitMs = (now.commitMs - before.commitMs) / (now.commits - before.commits);
    for (let n = 0; n < slots; n++) {
      const slot = this.#count++ % MAX_SAMPLES;
      this.#connections[slot] = connections;
      this.#framesIn[slot] = shareOf(framesIn, n, slots);
      this.#framesOut[slot] = shareOf(framesOut, n, slots);
      this.#latencyMs[slot] = latencyMs;
      this.#commitMs[slot] = commitMs;
    }
    this.#timeEvery = Math.max(1, Math.round(framesIn / slots / TIMED_A_SECOND));
    this.timeNext = Math.min(this.timeNext, now.framesIn + this.#timeEvery);
  }

  /** The frame that came just now is timed. */
  begin(): number {
    this.timeNext = this.#meters.framesIn + this.#timeEvery;
    return performance.now();
  }

  /** It was answered. */
  end(begunMs: number): void {
    countAnswer(this.#meters, begunMs);
  }

  /** The last `seconds`, fewer where there were fewer. */
  series(seconds: number): Series {
    const length = Math.min(seconds, this.#count, MAX_SAMPLES);
    const from = this.#count - length;
    const read = <T>(values: ArrayLike<number>, show: (value: number) => T): T[] =>
      Array.from({ length }, (_, n) => show(values[(from + n) % MAX_SAMPLES] as number));
    const plain = (value: number): number => value;
    return {
      step_seconds: 1,
      until: isoTime(this.#second * 1000),
      connections: read(this.#connections, plain),
      frames_in: read(this.#framesIn, plain),
      frames_out: read(this.#framesOut, plain),
      latency_ms: read(this.#latencyMs, measured),
      commit_ms: read(this.#commitMs, measured),
    };
  }
}

const countsOf = (meters: Meters): Counts =>
  Object.fromEntries(METERS.map((name) => [name, meters[name]])) as unknown as Counts;

/** The n-th of `slots` whole parts of a count; together they are the count. */
const shareOf = (count: number, n: number, slots: number): number =>
  Math.floor((count * (n + 1)) / slots) - Math.floor((count * n) / slots);

const measured = (ms: number): number | null => (Number.isNaN(ms) ? null : Math.round(ms * 1000) / 1000);
