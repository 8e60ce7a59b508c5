/** What one repetition runs; the time is that of its promise. */
export type Variant = () => Promise<void>;

/**
 * Runs the variants in turns, so that whatever else the machine does falls on all of them, and in changing order.
 * @returns milliseconds of each repetition after the warm-up, by variant, ascending
 */
export async function inTurns<Name extends string>(
  variants: Readonly<Record<Name, Variant>>,
  { warmUp, repetitions }: { warmUp: number; repetitions: number },
): Promise<Record<Name, readonly number[]>> {
  const names = namesOf(variants);
  const times = record(names, (): number[] => []);
  for (let round = 0; round < warmUp + repetitions; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const start = performance.now();
      await variants[name]();
      const took = performance.now() - start;
      if (round >= warmUp) times[name].push(took);
    }
  }
  return record(names, (name) => times[name].toSorted((a, b) => a - b));
}

/** @param sorted ascending, not empty */
export function percentile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (sorted: readonly number[]): number => percentile(sorted, 0.5);

export const spread = (sorted: readonly number[]): [number, number] => [
  percentile(sorted, 0.1),
  percentile(sorted, 0.9),
];

const isKey = <Name extends string>(key: string, of: Readonly<Record<Name, unknown>>): key is Name => key in of;

const namesOf = <Name extends string>(of: Readonly<Record<Name, unknown>>): Name[] =>
  Object.keys(of).filter((key) => isKey(key, of));

function record<Name extends string, Value>(names: readonly Name[], make: (name: Name) => Value): Record<Name, Value> {
  const made: Partial<Record<Name, Value>> = {};
  for (const name of names) made[name] = make(name);
  const isWhole = (partial: Partial<Record<Name, Value>>): partial is Record<Name, Value> =>
    names.every((name) => name in partial);
  if (!isWhole(made)) throw new Error('A variant has no times.');
  return made;
}
