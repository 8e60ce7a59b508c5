import { expect, test } from 'vitest';
import type { WatchedFleet, WatchedTask } from '../../src/ports/fleet-watch.ts';
import { progressLines } from '../../src/rehearse/progress.ts';
import { resultOf } from '../../src/rehearse/result.ts';

const task = (repository: string, change: Partial<WatchedTask> = {}): WatchedTask => ({
  id: `t-${repository}`,
  repository: `acme/${repository}`,
  status: 'completed',
  outcome: 'changed',
  category: null,
  reason: null,
  pullRequestUrl: null,
  node: null,
  ...change,
});

const fleet: WatchedFleet = {
  id: 'f-abcd2345',
  status: 'running',
  branch: 'fleet/bump-2.0',
  workflow: 'bump',
  inputs: { version: '2.0' },
  tasks: [
    task('api', { pullRequestUrl: 'http://github.test/acme/api/pull/1' }),
    task('auth', { outcome: 'unchanged' }),
    task('billing', { status: 'failed', outcome: null, category: 'command', reason: 'test: exit code 1' }),
    task('catalog', { status: 'timed_out', outcome: null }),
    task('gateway', { status: 'running', outcome: null, node: 'test' }),
    task('search', { status: 'running', outcome: null }),
    task('vault', { status: 'waiting', outcome: null }),
    task('worker', { status: 'queued', outcome: null }),
    task('zoo', { status: 'cancelled', outcome: null }),
  ],
  leftOut: [{ repository: 'acme/a-very-old-service', reason: 'archived' }],
  trackingIssueUrl: 'http://github.test/acme/platform/issues/2',
  settled: false,
};

test('progress is one line for the fleet and one for each repository, in columns', () => {
  expect(progressLines(fleet)).toEqual([
    'f-abcd2345  bump  running  5/9',
    '  ✓ acme/api                 changed  http://github.test/acme/api/pull/1',
    '  ✓ acme/auth                unchanged',
    '  ✗ acme/billing             failed (command)',
    '  ✗ acme/catalog             timed_out (unknown)',
    '  ▶ acme/gateway             running test',
    '  ▶ acme/search              running',
    '  ⏸ acme/vault               waiting',
    '  · acme/worker              queued',
    '  ⊘ acme/zoo                 cancelled',
    '  - acme/a-very-old-service  left out: archived',
  ]);
});

test('a plan that waits says where and how it is approved, once it can be read there', () => {
  const planned: WatchedFleet = {
    ...fleet,
    status: 'planned',
    tasks: [task('api', { status: 'queued' })],
    leftOut: [],
  };
  expect(progressLines(planned).at(-1)).toBe(
    '  It waits for an approval: comment `/fleet approve f-abcd2345` on http://github.test/acme/platform/issues/2',
  );
  expect(progressLines({ ...planned, trackingIssueUrl: null })).toHaveLength(2);
});

test('the result has the shape that scripts rely on, and nothing else', () => {
  const { tasks, ...rest } = resultOf(fleet, 'http://github.test');
  expect(rest).toEqual({
    fleet: {
      id: 'f-abcd2345',
      status: 'running',
      branch: 'fleet/bump-2.0',
      workflow: 'bump',
      inputs: { version: '2.0' },
    },
    left_out: [{ repository: 'acme/a-very-old-service', reason: 'archived' }],
    tracking_issue: 'http://github.test/acme/platform/issues/2',
    github: 'http://github.test',
  });
  expect([tasks[0], tasks[2]]).toEqual([
    {
      id: 't-api',
      repository: 'acme/api',
      status: 'completed',
      outcome: 'changed',
      category: null,
      pull_request: 'http://github.test/acme/api/pull/1',
    },
    {
      id: 't-billing',
      repository: 'acme/billing',
      status: 'failed',
      outcome: null,
      category: 'command',
      pull_request: null,
    },
  ]);
});
