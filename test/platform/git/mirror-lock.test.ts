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

it('does not hold up work on another key', async () => {
  const lock = createKeyedLock();
  let release = (): void => undefined;
  const held = lock.hold('a', () => new Promise<void>((resolve) => (release = resolve)));
  expect(await lock.hold('b', async () => 'done')).toBe('done');
  release();
  await held;
});
