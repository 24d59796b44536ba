/**
 * Edits between two words, a swap of neighbours counting as one ("prot" → "port"). Stops at the
 * first number beyond `most`, which is then a lower bound.
 */
export function editDistance(from: string, to: string, most = Number.POSITIVE_INFINITY): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  let leastOfLast = 0;
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        cell(last, column) + 1,
        cell(current, column - 1) + 1,
        cell(last, column - 1) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        cost = Math.min(cost, cell(beforeLast, column - 2) + 1);
      }
      current.push(cost);
      least = Math.min(least, cost);
    }
    // A swap reaches back two rows, so one hopeless row is not enough.
    if (least > most && leastOfLast > most) return least;
    leastOfLast = least;
    beforeLast = last;
    last = current;
  }
  return cell(last, to.length);
}

const cell = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;

const aThird = (length: number): number => Math.max(1, Math.floor(length / 3));

/**
 * The candidate that was probably meant, if any is near. Case and `-` against `_` do not count.
 * `mostFor` says how many edits are still near for a candidate of that length (default: a third).
 */
export function suggest(
  word: string,
  candidates: Iterable<string>,
  mostFor: (length: number) => number = aThird,
): string | undefined {
  const wanted = plain(word);
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const most = Math.min(mostFor(candidate.length), least - 1);
    // The distance is at least the difference of the lengths: spares nearly all of the work.
    if (Math.abs(word.length - candidate.length) > most) continue;
    const distance = editDistance(wanted, plain(candidate), most);
    if (distance > most) continue;
    best = candidate;
    least = distance;
  }
  return best;
}

const plain = (word: string): string => word.toLowerCase().replaceAll("-", "_");
