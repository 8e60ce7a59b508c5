import { expect, test } from 'vitest';
import type { Visibility } from '../../src/core/plan.ts';
import { isMoreVisible, violations } from '../../src/core/visibility.ts';

const order: Visibility[] = ['public', 'internal', 'private'];

test('public is more visible than internal, internal more than private, none more than itself', () => {
  const pairs = order.flatMap((a) => order.filter((b) => isMoreVisible(a, b)).map((b) => `${a}>${b}`));
  expect(pairs).toEqual(['public>internal', 'public>private', 'internal>private']);
});

test.each([
  ['public', ['internal', 'private']],
  ['internal', ['private']],
  ['private', []],
] as const)('a %s control repository violates the visibility of %j targets', (control, expected) => {
  const targets = order.map((visibility) => ({ visibility }));
  expect(violations(control, targets).map(({ visibility }) => visibility)).toEqual(expected);
});
