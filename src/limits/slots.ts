/** Counted places: so many a key, so many in all. */
export interface Slots {
  /** Takes a place; false where there is none, and nothing was taken. */
  reserve(key: string): boolean;
  /** Gives back one place that `reserve` gave. */
  release(key: string): void;
  count(key: string): number;
  total(): number;
  /** True where no key at all gets another place. */
  full(): boolean;
}

/**
 * Check and count are one synchronous step. A limit of 0 is off, but still counted. A key
 * without places is forgotten.
 */
export function createSlots(limitPerKey: number, limitTotal = 0): Slots {
  const counts = new Map<string, number>();
  let total = 0;
  const full = (): boolean => limitTotal > 0 && total >= limitTotal;
  return {
    reserve(key) {
      const count = counts.get(key) ?? 0;
      if (full() || (limitPerKey > 0 && count >= limitPerKey)) return false;
      counts.set(key, count + 1);
      total++;
      return true;
    },
    release(key) {
      const count = counts.get(key);
      if (count === undefined) return;
      if (count > 1) counts.set(key, count - 1);
      else counts.delete(key);
      total--;
    },
    count: (key) => counts.get(key) ?? 0,
    total: () => total,
    full,
  };
}
