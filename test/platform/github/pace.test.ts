import { expect, test } from 'vitest';
import { createPace } from '../../../src/platform/github/pace.ts';

/** Time that only the pauses move. */
function pacedByHand() {
  let now = 0;
  const pace = createPace(
    async (ms) => {
      now += ms;
    },
    () => now,
  );
  return { pace, now: () => now, rest: (ms: number) => (now += ms) };
}

test('a few requests begin at once', async () => {
  const { pace, now } = pacedByHand();
  for (let request = 0; request < 50; request += 1) await pace.turn();
  expect(now()).toBe(0);
});

test('no minute of many requests has 600 of them', async () => {
  const { pace, now } = pacedByHand();
  const began: number[] = [];
  while (now() < 300_000) {
    await pace.turn();
    began.push(now());
  }
  const busiest = Math.max(...began.map((at) => began.filter((other) => other >= at && other < at + 60_000).length));
  expect(busiest).toBeLessThan(600);
  expect(busiest).toBeGreaterThan(450);
});

test('a rest gives the burst back, and not more', async () => {
  const { pace, now, rest } = pacedByHand();
  for (let request = 0; request < 100; request += 1) await pace.turn();
  rest(3_600_000);
  const from = now();
  for (let request = 0; request < 50; request += 1) await pace.turn();
  expect(now()).toBe(from);
  await pace.turn();
  expect(now()).toBeGreaterThan(from);
});
