import { expect, test } from 'vitest';
import { ACTIONS, hasDoor } from '../../src/edge/has-door.ts';
import { EVENTS } from '../../src/edge/payloads.ts';

test('every event with a door says with which actions it asks for something', () => {
  expect(Object.keys(ACTIONS).toSorted()).toEqual([...EVENTS].toSorted());
});

test('a missed webhook without a door is let go', () => {
  expect(hasDoor('issue_comment', 'created')).toBe(true);
  expect(hasDoor('issue_comment', 'edited')).toBe(false);
  expect(hasDoor('repository_dispatch', 'fleet')).toBe(true);
  expect(hasDoor('repository_dispatch', 'deploy')).toBe(false);
  expect(hasDoor('push', null)).toBe(false);
  expect(hasDoor('repository_dispatch', null), "GitHub's list tells no action").toBe(true);
});
