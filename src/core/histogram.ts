/** Upper bounds of seconds: from what nobody feels to what everybody does. */
const SECONDS_BOUNDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
] as const;

/** Counts values by upper bounds, as Prometheus reads them; some twenty nanoseconds a value. */
export class Histogram {
  readonly bounds: readonly number[];
  /** One for each bound, not summed up, and one for what is beyond them all. */
  readonly counts: Float64Array;
  sum = 0;
  count = 0;

  constructor(bounds: readonly number[] = SECONDS_BOUNDS) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let place = 0;
    while (place < this.bounds.length && value > (this.bounds[place] as number)) place++;
    this.counts[place] = (this.counts[place] as number) + 1;
    this.sum += value;
    this.count++;
  }
}
