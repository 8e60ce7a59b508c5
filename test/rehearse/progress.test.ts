import { describe, expect, test } from 'vitest';
import { NOTHING_SPENT } from '../../src/core/spent.ts';
import type { WatchedFleet, WatchedTask } from '../../src/ports/fleet-watch.ts';
import { progressLines, waitsAtGate, waitsForDecision, waitsForPerson } from '../../src/rehearse/progress.ts';
import { resultOf } from '../../src/rehearse/result.ts';

const task = (repository: string, change: Partial<WatchedTask> = {}): WatchedTask => ({
  id: `t-${repository}`,
  repository: `acme/${repository}`,
  status: 'completed',
  outcome: 'changed',
  category: null,
  reason: null,
  pullRequestUrl: null,
  spent: NOTHING_SPENT,
  wave: null,
  node: null,
  question: null,
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
  wave: null,
  held: null,
  paused: false,
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

describe('a fleet that waits for a decision', () => {
  const gate = { node: 'gate', decisions: ['ship', 'reject'] };
  const waiting = (name: string, question: WatchedTask['question'] = gate) =>
    task(name, { status: 'waiting', outcome: null, question });
  const waits = (...tasks: WatchedTask[]): WatchedFleet => ({ ...fleet, status: 'waiting', tasks, leftOut: [] });

  test('says where each repository waits, and once for all what is to be written where', () => {
    expect(progressLines(waits(task('api'), waiting('web'), waiting('zoo'))).slice(1)).toEqual([
      '  ✓ acme/api    changed',
      '  ⏸ acme/web    waiting for a decision: gate',
      '  ⏸ acme/zoo    waiting for a decision: gate',
      '  gate waits for a decision: comment `/fleet approve decision=ship` or `/fleet reject` on http://github.test/acme/platform/issues/2',
    ]);
  });

  test('names the nodes in the commands where several ask', () => {
    const canary = { node: 'canary', decisions: ['approve'] };
    expect(progressLines(waits(waiting('web', canary), waiting('zoo'))).at(-2)).toContain(
      'canary waits for a decision: comment `/fleet approve node=canary` on ',
    );
  });

  test('can go on without a person as long as one of its tasks can', () => {
    expect(waitsForDecision(waits(task('api'), waiting('web')))).toBe(true);
    expect(waitsForDecision(waits(waiting('web'), task('zoo', { status: 'queued' })))).toBe(false);
    expect(waitsForDecision(waits(waiting('web'), waiting('zoo', null)))).toBe(false);
    expect(waitsForDecision({ ...waits(waiting('web')), status: 'running' })).toBe(false);
    expect(waitsForDecision({ ...waits(waiting('web')), trackingIssueUrl: null })).toBe(false);
  });
});

describe('a fleet in waves', () => {
  const url = 'http://github.test/acme/platform/issues/2';
  const held: WatchedFleet = {
    ...fleet,
    status: 'waiting',
    wave: 'canary',
    held: { gate: 'wave', opens: 'releases wave 1 (1 repository)' },
    tasks: [task('api'), task('web', { status: 'queued', outcome: null, wave: 'wave 1' })],
    leftOut: [],
  };

  test('says which one it is at, for which one each repository waits, and how it goes on', () => {
    expect(progressLines(held)).toEqual([
      'f-abcd2345  bump  waiting  1/2  canary',
      '  ✓ acme/api    changed',
      '  · acme/web    queued for wave 1',
      `  It waits after the canary: comment \`/fleet approve\` (releases wave 1 (1 repository)) or \`/fleet reject\` (cancels the rest) on ${url}`,
    ]);
    const halted = { ...held, held: { gate: 'halted', opens: 'goes on where it was halted' } } as const;
    expect(progressLines(halted).at(-1)).toContain('It is halted, as too many failed: comment');
    expect(progressLines({ ...held, status: 'completed', held: null })[0]).toBe('f-abcd2345  bump  completed  1/2');
  });

  test('waits for a person when nothing of it runs, and names the nodes that ask', () => {
    expect(waitsAtGate(held)).toBe(true);
    expect(waitsForPerson(held)).toBe(true);
    expect(waitsAtGate({ ...held, status: 'running' })).toBe(false);
    expect(waitsAtGate({ ...held, held: null })).toBe(false);
    expect(waitsAtGate({ ...held, trackingIssueUrl: null })).toBe(false);
    const question = { node: 'gate', decisions: ['approve'] };
    const asks = { ...held, tasks: [...held.tasks, task('zoo', { status: 'waiting', outcome: null, question })] };
    expect(progressLines(asks).at(-1)).toContain('comment `/fleet approve node=gate` on ');
    expect(waitsAtGate(asks)).toBe(true);
  });
});

const nothing = {
  sessions: 0,
  known_usd: null,
  computed: false,
  sessions_of_unknown_cost: 0,
  tokens: null,
  sessions_of_unknown_tokens: 0,
};

test('the result has the shape that scripts rely on, and nothing else', () => {
  const { tasks, ...rest } = resultOf(fleet, 'http://github.test', { boxed: true });
  expect(rest).toEqual({
    sandbox: { boxed: true, why: null, remedy: null },
    fleet: {
      cost: nothing,
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
      cost: nothing,
    },
    {
      id: 't-billing',
      repository: 'acme/billing',
      status: 'failed',
      outcome: null,
      category: 'command',
      pull_request: null,
      cost: nothing,
    },
  ]);
});

test('a paused fleet waits for a person, who is told how it goes on', () => {
  const paused: WatchedFleet = { ...fleet, status: 'waiting', paused: true };
  expect(progressLines(paused)).toContain(
    '  It is paused: comment `/fleet resume f-abcd2345` on http://github.test/acme/platform/issues/2',
  );
  expect(waitsForPerson(paused)).toBe(true);
  expect(waitsForPerson({ ...paused, status: 'running' }), 'a node is finished').toBe(false);
  expect(waitsForPerson({ ...paused, trackingIssueUrl: null })).toBe(false);
});

test('the result tells costs as far as they are known, of each repository and of all', () => {
  const tokens = { input: 9, output: 1, cachedInput: 90 };
  const known = { ...NOTHING_SPENT, sessions: 1, knownUsd: 0.12, computed: true, tokens };
  const unknown = { ...NOTHING_SPENT, sessions: 1, unknown: 1, unknownTokens: 1 };
  const tasks = [task('api', { spent: known }), task('auth', { spent: unknown }), task('billing')];
  const told = resultOf({ ...fleet, tasks }, 'http://github.test', { boxed: true });
  expect(told.tasks.map(({ cost }) => cost)).toEqual([
    {
      ...nothing,
      sessions: 1,
      known_usd: 0.12,
      computed: true,
      tokens: { input: 9, output: 1, cached_input: 90 },
    },
    { ...nothing, sessions: 1, known_usd: null, sessions_of_unknown_cost: 1, sessions_of_unknown_tokens: 1 },
    nothing,
  ]);
  expect(told.fleet.cost).toMatchObject({ sessions: 2, known_usd: 0.12, sessions_of_unknown_cost: 1 });
});
