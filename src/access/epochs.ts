/**
 * When each user's access last changed, counted in changes and not in time. What began at
 * `now()` is still good while `of(user)` is not above it.
 */
export interface Epochs {
  now(): number;
  of(userId: string): number;
  changed(userId: string): void;
  /** When all users' access last changed at once. */
  ofAll(): number;
  allChanged(): void;
}

/**
 * Remembers at least the last `maxUsers` changed users. Of the others it knows only that they
 * did not change since `floor`: what began earlier is asked again, needlessly but rightly.
 */
export function createEpochs(maxUsers = 50_000): Epochs {
  let count = 0;
  let floor = 0;
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  let lastOfOld = 0;
  let all = 0;
  return {
    now: () => count,
    of: (userId) => young.get(userId) ?? old.get(userId) ?? floor,
    ofAll: () => all,
    allChanged() {
      floor = lastOfOld = all = ++count;
      young = new Map();
      old = new Map();
    },
    changed(userId) {
      young.set(userId, ++count);
      if (young.size < maxUsers) return;
      floor = lastOfOld;
      old = young;
      lastOfOld = count;
      young = new Map();
    },
  };
}
