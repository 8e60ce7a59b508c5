import { describe, expect, test } from 'vitest';
import { byAge, chooseWorkspaces, type HeldWorkspace } from '../../../src/core/disk/choose-workspaces.ts';

const DAY = 24 * 60 * 60_000;
const NOW = 100 * DAY;
const LIMITS = { maxBytes: 100, retentionMs: 7 * DAY };

const held = (taskId: string, spareSince: number | null, more: Partial<HeldWorkspace> = {}): HeldWorkspace => ({
  taskId,
  spareSince,
  prepared: false,
  bytes: 40,
  ...more,
});
const chosen = (workspaces: readonly HeldWorkspace[], limits: Partial<typeof LIMITS> = {}) => {
  const { remove, bytes } = chooseWorkspaces(workspaces, { ...LIMITS, ...limits }, NOW);
  return { remove: remove.map(({ taskId, why }) => `${taskId} ${why}`), bytes };
};

describe('retention', () => {
  test('removes what ended that long ago, to the millisecond, whatever room there is', () => {
    const workspaces = [held('due', NOW - 7 * DAY), held('later', NOW - 7 * DAY + 1)];
    expect(chosen(workspaces)).toEqual({ remove: ['due retention'], bytes: 40 });
  });

  test('of nothing removes all that ended, and keeps what is prepared for 7 days', () => {
    const workspaces = [
      held('ended', NOW),
      held('prepared', NOW - 7 * DAY + 1, { prepared: true }),
      held('due', NOW - 7 * DAY, { prepared: true }),
    ];
    expect(chosen(workspaces, { retentionMs: 0 }).remove).toEqual(['ended retention', 'due retention']);
  });

  test('removes what a task that begins anew does not need', () => {
    expect(chosen([held('retried', 0), held('waits', null)]).remove).toEqual(['retried retention']);
  });
});

describe('the quota', () => {
  test('takes the one whose task ended first, and no more than it has to', () => {
    const workspaces = [held('c', NOW - 1), held('a', NOW - 3), held('b', NOW - 2)];
    expect(chosen(workspaces)).toEqual({ remove: ['a quota'], bytes: 80 });
    expect(chosen(workspaces, { maxBytes: 120 }).remove, 'as much as there may be').toEqual([]);
  });

  test('takes what is prepared only after all others', () => {
    const workspaces = [held('prepared', NOW - 3, { prepared: true }), held('a', NOW - 1), held('b', NOW - 2)];
    expect(chosen(workspaces, { maxBytes: 0 }).remove).toEqual(['b quota', 'a quota', 'prepared quota']);
  });

  test('never takes that of a task that goes on: it stays over the limit', () => {
    const workspaces = [held('runs', null, { bytes: 90 }), held('waits', null, { bytes: 60 }), held('a', NOW - 1)];
    expect(chosen(workspaces)).toEqual({ remove: ['a quota'], bytes: 150 });
    expect(byAge(workspaces).map(({ taskId }) => taskId)).toEqual(['a']);
  });

  test('counts what the retention makes free first', () => {
    const workspaces = [held('old', NOW - 8 * DAY, { bytes: 60 }), held('a', NOW - 2), held('b', NOW - 1)];
    expect(chosen(workspaces)).toEqual({ remove: ['old retention'], bytes: 80 });
  });
});
