import { describe, expect, test } from 'vitest';
import { type BoxFacts, openBoxes } from '../../../src/core/checkbox/open-boxes.ts';
import { fleet, NOON, plan, task } from '../render/sample-fleet.ts';

const approve = { id: 'approve', label: 'approve' };
const ask = (name: string, nodeId = 'gate', decisions = [approve]) => ({
  taskId: `t-${name}`,
  nodeId,
  decisions,
  expiresAt: NOON,
  answer: null,
});
const facts = (change: Partial<BoxFacts> = {}, of: Parameters<typeof fleet>[0] = {}): BoxFacts => ({
  fleet: fleet({ plan: plan(['a', 'b']), ...of }),
  tasks: [task('a'), task('b')],
  approvals: [],
  gatesClosed: 0,
  ...change,
});
const waiting = [task('a', { status: 'waiting' }), task('b', { status: 'waiting' })];
const halted = facts(
  { tasks: [task('a', { status: 'failed', endedAt: NOON }), task('b')], gatesClosed: 1 },
  { gate: 'halted', gateSince: NOON },
);
const means = (given: BoxFacts): string[] => openBoxes(given).map((box) => box.means);
const tokens = (given: BoxFacts): string[] => openBoxes(given).map((box) => box.token);

describe('boxes', () => {
  test.each([
    ['of a plan', facts({}, { approvedAt: null, expiresAt: NOON }), ['approve:plan', 'cancel']],
    ['of a fleet that runs', facts({ tasks: [task('a', { status: 'running' }), task('b')] }), []],
    ['of one that has not begun', facts(), []],
    ['of a wave that waits', facts({ gatesClosed: 1 }, { gate: 'wave', gateSince: NOON }), ['approve:gate', 'cancel']],
    ['of a halt', halted, ['approve:gate', 'retry', 'cancel']],
    ['of a pause', facts({}, { pausedAt: NOON }), ['cancel']],
    ['of one question', facts({ tasks: waiting, approvals: [ask('a'), ask('b')] }), ['approve:node:gate', 'cancel']],
    ['of two nodes that ask', facts({ tasks: waiting, approvals: [ask('a'), ask('b', 'ship')] }), ['cancel']],
    ['of a node without approve', facts({ tasks: waiting, approvals: [ask('a', 'gate', [])] }), ['cancel']],
    [
      'of a question beside a task that runs',
      facts({ tasks: [task('a', { status: 'running' }), task('b', { status: 'waiting' })], approvals: [ask('b')] }),
      [],
    ],
    ['of a fleet that is being cancelled', facts({ tasks: waiting }, { cancelRequestedAt: NOON }), []],
    [
      'of one that has ended',
      facts({ tasks: [task('a', { status: 'failed' }), task('b')] }, { endedAt: NOON, gate: 'halted' }),
      [],
    ],
  ])('%s', (_, given, wanted) => {
    expect(means(given)).toEqual(wanted);
  });

  test('have the same tokens for the same moment, and each its own', () => {
    expect(tokens(halted)).toEqual(tokens(structuredClone(halted)));
    expect(new Set(tokens(halted)).size).toBe(3);
    expect(tokens(halted).every((token) => /^[0-9a-f]{16}$/.test(token))).toBe(true);
  });

  test.each([
    ['a later gate', { ...halted, gatesClosed: 2 }],
    ['another fleet', { ...halted, fleet: { ...halted.fleet, id: 'f-other' } }],
    ['a pause', { ...halted, fleet: { ...halted.fleet, pausedAt: NOON } }],
    ['a task that failed again', { ...halted, tasks: [task('a', { status: 'failed', endedAt: NOON + 1 }), task('b')] }],
    [
      'a task that waits with a question',
      { ...halted, tasks: [...halted.tasks, task('c', { status: 'waiting' })], approvals: [ask('c')] },
    ],
  ])('are others after %s', (_, later) => {
    const before = new Set(tokens(halted));
    expect(tokens(later).filter((token) => before.has(token))).toEqual([]);
  });

  test('of a question that is asked anew are others', () => {
    const first = facts({ tasks: waiting, approvals: [ask('a'), ask('b')] });
    const anew = { ...first, approvals: [ask('a'), { ...ask('b'), expiresAt: NOON + 1 }] };
    expect(tokens(anew)[0]).not.toBe(tokens(first)[0]);
  });
});
