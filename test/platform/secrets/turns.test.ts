import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTurns, type Turns } from '../../../src/platform/secrets/turns.ts';

const LONG_MS = 1000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Asks for turns, and says who has one. */
function watching(turns: Turns) {
  const have = new Map<string, () => void>();
  const stop = new AbortController();
  const ask = (name: string, signal?: AbortSignal): Promise<void> =>
    turns.take(signal).then(
      (over) => void have.set(name, over),
      () => void have.set(`${name} gave up`, () => undefined),
    );
  const end = async (name: string): Promise<void> => {
    have.get(name)?.();
    have.delete(name);
    await turnOfTheLoop();
  };
  return { ask, end, stop, names: () => [...have.keys()] };
}

it('gives one turn after the other, in the order of asking', async () => {
  const { ask, end, names } = watching(createTurns({ longMs: LONG_MS, most: 4 }));
  for (const name of ['a', 'b', 'c']) void ask(name);
  await turnOfTheLoop();
  expect(names()).toEqual(['a']);
  await end('a');
  expect(names()).toEqual(['b']);
  await end('b');
  expect(names()).toEqual(['c']);
});

it('goes on beside what takes long, as far as it may', async () => {
  const { ask, end, names } = watching(createTurns({ longMs: LONG_MS, most: 2 }));
  for (const name of ['a', 'b', 'c']) void ask(name);
  await vi.advanceTimersByTimeAsync(LONG_MS - 1);
  expect(names()).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(1);
  expect(names()).toEqual(['a', 'b']);
  await vi.advanceTimersByTimeAsync(LONG_MS);
  expect(names(), 'no more than may run at once').toEqual(['a', 'b']);
  await end('a');
  expect(names()).toEqual(['b', 'c']);
});

it('forgets who gave up', async () => {
  const { ask, end, stop, names } = watching(createTurns({ longMs: LONG_MS, most: 4 }));
  void ask('a');
  void ask('b', stop.signal);
  void ask('c');
  stop.abort();
  await turnOfTheLoop();
  expect(names()).toEqual(['a', 'b gave up']);
  await end('a');
  expect(names()).toEqual(['b gave up', 'c']);
});
