import assert from 'node:assert/strict';
import fc from 'fast-check';

/** Every run tries the same cases. Another number tries others; a failure prints it with the smallest counterexample. */
const SEED = 20_260_304;

/** Milliseconds; whatever takes longer is called a hang. */
const HANG = 1_000;

/** Properties of one file, counted, so that the number of their cases cannot shrink without a failing test. */
export function createCases() {
  let ran = 0;
  return {
    ran: (): number => ran,
    /** @param weigh how many cases one value stands for */
    hold<Value>(
      arbitrary: fc.Arbitrary<Value>,
      runs: number,
      check: (value: Value) => void,
      weigh: (value: Value) => number = () => 1,
    ): void {
      const property = fc.property(arbitrary, (value) => {
        ran += weigh(value);
        check(value);
      });
      fc.assert(property, { seed: SEED, numRuns: runs });
    },
  };
}

/** The call's result; of a call that was slow by the clock the processor's time decides, as a busy machine is no hang. */
export function withoutHang<Result>(call: () => Result): Result {
  const started = performance.now();
  const result = call();
  if (performance.now() - started <= HANG) return result;
  const before = process.cpuUsage();
  call();
  const { user, system } = process.cpuUsage(before);
  const took = (user + system) / 1_000;
  assert.ok(took <= HANG, `the call takes ${Math.round(took)} ms of the processor's time`);
  return result;
}
