import { expect, test } from 'vitest';
import { type EarlierTask, noLongerSelected } from '../../../src/core/selection/no-longer-selected.ts';

const earlier = (repositoryId: number, more: Partial<EarlierTask> = {}): EarlierTask => ({
  fleetId: 'f-aaaaaaaa',
  repositoryId,
  repository: `acme/r${repositoryId}`,
  visibility: 'private',
  outcome: 'changed',
  pullRequest: { number: 3 },
  ...more,
});

test('a repository with a pull request of an earlier fleet is listed with it', () => {
  expect(noLongerSelected([earlier(1)], new Set())).toEqual([
    {
      repositoryId: 1,
      repository: 'acme/r1',
      reason: 'no_longer_selected',
      detail: 'It is no longer selected; its pull request #3 of fleet `f-aaaaaaaa` is left alone.',
    },
  ]);
});

test('what the new plan names already is not listed again', () => {
  expect(noLongerSelected([earlier(1)], new Set([1]))).toEqual([]);
});

test.each([
  ['ended without a pull request', earlier(1, { outcome: 'not_applicable', pullRequest: null })],
  ['was closed by a person', earlier(1, { outcome: 'declined' })],
])('a repository whose newest pull request %s is not listed', (_, newest) => {
  expect(noLongerSelected([newest, earlier(1, { fleetId: 'f-bbbbbbbb' })], new Set())).toEqual([]);
});

test('a task that never completed does not hide what an older fleet left', () => {
  const cancelled = earlier(1, { outcome: null, pullRequest: null });
  const [listed] = noLongerSelected([cancelled, earlier(1, { fleetId: 'f-bbbbbbbb' })], new Set());
  expect(listed?.detail).toContain('f-bbbbbbbb');
});
