import { describe, expect, it } from 'vitest';
import type { FleetEvent } from '../../src/core/events.ts';
import { CRASHED, checkResumption, countResumed } from './check-resumption.ts';

const of = { v: 1, taskId: 'a' } as const;
const started: FleetEvent = { type: 'task_started', ...of, attempt: 1 };
const waiting: FleetEvent = { type: 'task_waiting', ...of };
const crashed: FleetEvent = { type: 'task_requeued', ...of, reason: CRASHED };
const resumed: FleetEvent = { type: 'task_resumed', ...of, attempt: 1, undone: 1 };
const publish: FleetEvent = { type: 'task_publish_requested', ...of };
const retried: FleetEvent = { type: 'task_retried', ...of };
const begun = (node: string): FleetEvent => ({ type: 'node_started', ...of, node });
const done = (node: string): FleetEvent => ({ type: 'node_ended', ...of, node, status: 'completed' });

const log = (events: FleetEvent[]) => events.map((event, index) => ({ fleetId: 'f', seq: index + 1, at: 0, event }));

describe('what was written down', () => {
  it.each<[string, FleetEvent[]]>([
    ['the node that a crash cut short', [begun('n'), done('n'), waiting, begun('m'), crashed, resumed, begun('m')]],
    [
      'what ended after the wait',
      [begun('n'), done('n'), waiting, begun('m'), done('m'), crashed, resumed, begun('m')],
    ],
    ['everything, without a wait', [begun('n'), done('n'), crashed, { ...started, attempt: 2 }, begun('n')]],
    ['everything, for a retry', [begun('n'), done('n'), waiting, retried, begun('n')]],
  ])('lets run again %s', (_, events) => {
    expect(checkResumption(log(events))).toEqual([]);
  });

  it.each<[string, FleetEvent[], string]>([
    [
      'ended before the wait',
      [begun('n'), done('n'), waiting, crashed, { ...started, attempt: 2 }, begun('n')],
      'event 6: task a: n runs again that ended before the task waited for a person',
    ],
    [
      'prepared what is published',
      [begun('n'), done('n'), publish, begun('n')],
      'event 4: task a: n runs again to publish what was prepared',
    ],
  ])('tells that a node runs again that %s', (_, events, fault) => {
    expect(checkResumption(log(events))).toEqual([fault]);
  });
});

it('counts a task that went on after a crash, and no other', () => {
  expect(countResumed(log([started, crashed, started, resumed, waiting, started, resumed]))).toBe(1);
});
