import { expect, test } from 'vitest';
import { NOTHING_SPENT } from '../../src/core/spent.ts';
import type { FleetWatch, WatchedFleet, WatchedTask } from '../../src/ports/fleet-watch.ts';
import { followFleet } from '../../src/rehearse/follow-fleet.ts';

const waits = (change: Partial<WatchedTask> = {}): WatchedFleet => ({
  id: 'f-abcd2345',
  status: 'waiting',
  branch: 'fleet/ask',
  workflow: 'ask',
  inputs: {},
  tasks: [
    {
      id: 't-1',
      repository: 'acme/api',
      status: 'waiting',
      outcome: null,
      category: null,
      reason: null,
      pullRequestUrl: null,
      spent: NOTHING_SPENT,
      wave: null,
      node: null,
      question: { node: 'gate', decisions: ['approve', 'reject'] },
      ...change,
    },
  ],
  leftOut: [],
  trackingIssueUrl: 'http://github.test/acme/platform/issues/2',
  wave: null,
  held: null,
  paused: false,
  settled: false,
});

/** Shows one state after the other; the last one stays. */
function watchOf(states: readonly WatchedFleet[]): FleetWatch {
  let looks = 0;
  return {
    fleets: async () => {
      const state = states[Math.min(looks, states.length - 1)];
      looks += 1;
      return state === undefined ? [] : [state];
    },
    close: async () => undefined,
  };
}

const follow = (states: readonly WatchedFleet[], once: boolean, seen: WatchedFleet[] = []) =>
  followFleet({
    watch: watchOf(states),
    command: { url: 'http://github.test/acme/platform/issues/1', answers: async () => [] },
    appEnded: new Promise(() => undefined),
    signal: new AbortController().signal,
    once,
    onChange: (fleet) => seen.push(fleet),
  });

test('with `once`, a fleet is followed until only a person can let it go on', async () => {
  const running = { ...waits({ status: 'running', question: null }), status: 'running' as const };
  const seen: WatchedFleet[] = [];
  expect(await follow([running, waits()], true, seen)).toEqual(waits());
  expect(seen).toEqual([running, waits()]);
});

test('without `once`, a fleet that waits for a decision is followed to its end', async () => {
  const ended = { ...waits({ status: 'completed', question: null }), status: 'completed' as const, settled: true };
  expect(await follow([waits(), ended], false)).toEqual(ended);
});

test('with `once`, a fleet is followed until it is held', async () => {
  const task = { status: 'queued', question: null } as const;
  const held = { ...waits(task), held: { gate: 'halted', opens: 'goes on where it was halted' } } as const;
  expect(await follow([{ ...waits(task), status: 'running' }, held], true)).toEqual(held);
});
