import { expect, test } from 'vitest';
import { Strangers } from '../../src/edge/strangers.ts';

test('somebody is a stranger to one repository for ten minutes after the last refusal', () => {
  let now = 0;
  const strangers = new Strangers({ now: () => now });
  strangers.remember(5, 20);
  expect([strangers.isKnown(5, 20), strangers.isKnown(5, 21), strangers.isKnown(6, 20)]).toEqual([true, false, false]);
  now = 300_000;
  strangers.remember(5, 20);
  now = 899_999;
  expect(strangers.isKnown(5, 20)).toBe(true);
  now = 900_000;
  expect(strangers.isKnown(5, 20)).toBe(false);
});

test('of more than 10,000 the one that was refused longest ago is forgotten', () => {
  const strangers = new Strangers({ now: () => 0 });
  for (let id = 1; id <= 10_000; id += 1) strangers.remember(id, 20);
  strangers.remember(1, 20);
  strangers.remember(10_001, 20);
  expect([1, 2, 3, 10_001].map((id) => strangers.isKnown(id, 20))).toEqual([true, false, true, true]);
});
