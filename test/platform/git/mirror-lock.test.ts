import { expect, it } from 'vitest';
import { createKeyedLock } from '../../../src/platform/git/mirror-lock.ts';

it('lets one work at a time on a key, in order, also after a failure', async () => {
  const lock = createKeyedLock();
  const steps: string[] = [];
  const work = (name: string, fails = false) =>
    lock.hold('a', async () => {
      steps.push(`${name} starts`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} ends`);
      if (fails) throw new Error(name);
    });
  const results = await Promise.allSettled([work('first'), work('second', true), work('third')]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(steps).toEqual(['first starts', 'first ends', 'second starts', 'second ends', 'third starts', 'third ends']);
});

it('lets a work leave the queue by its signal, without being begun and without letting the next one in', async () => {
  const lock = createKeyedLock();
  const steps: string[] = [];
  let release = (): void => undefined;
  const first = lock.hold('a', () => new Promise<void>((resolve) => (release = resolve)));
  const abort = new AbortController();
  const second = lock.hold('a', async () => steps.push('second'), abort.signal);
  const third = lock.hold('a', async () => steps.push('third'));
  abort.abort(new Error('stop'));
  await expect(second).rejects.toThrow('stop');
  expect(steps).toEqual([]);
  release();
  await Promise.all([first, third]);
  expect(steps).toEqual(['third']);
});

it('lets a work that has begun end by itself, whatever its signal says', async () => {
  const lock = createKeyedLock();
  const abort = new AbortController();
  const work = lock.hold(
    'a',
    async () => {
      abort.abort();
      await new Promise((resolve) => setImmediate(resolve));
      return 'done';
    },
    abort.signal,
  );
  expect(await work).toBe('done');
});

it('does not hold up work on another key', async () => {
  const lock = createKeyedLock();
  let release = (): void => undefined;
  const held = lock.hold('a', () => new Promise<void>((resolve) => (release = resolve)));
  expect(await lock.hold('b', async () => 'done')).toBe('done');
  release();
  await held;
});
