import { createHash } from 'node:crypto';

/** The same seed gives the same numbers. */
export interface Random {
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  pick<T>(items: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
}

export function createRandom(seed: number): Random {
  let drawn = 0;
  const next = (): number => {
    drawn += 1;
    return createHash('sha256').update(`${seed} ${drawn}`).digest().readUInt32BE(0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    below,
    pick(items) {
      const found = items[below(items.length)];
      if (found === undefined) throw new Error('There is nothing to pick from.');
      return found;
    },
    shuffled(items) {
      const ordered = items.map((item) => ({ item, at: next() }));
      return ordered.toSorted((one, other) => one.at - other.at).map(({ item }) => item);
    },
  };
}
