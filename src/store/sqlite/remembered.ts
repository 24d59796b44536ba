/** Answers of reads, good until something is written. */
export interface Remembered<V> {
  get(key: string): V;
  forget(): void;
}

/** Remembers up to `maxKeys` answers; beyond them it begins anew. */
export function remember<V>(read: (key: string) => V, maxKeys = 10_000): Remembered<V> {
  const known = new Map<string, V>();
  return {
    get(key) {
      const there = known.get(key);
      if (there !== undefined) return there;
      const value = read(key);
      if (known.size >= maxKeys) known.clear();
      known.set(key, value);
      return value;
    },
    forget: () => known.clear(),
  };
}
