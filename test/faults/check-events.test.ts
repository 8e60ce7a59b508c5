import { describe, expect, it } from 'vitest';
import type { FleetEvent } from '../../src/core/events.ts';
import { checkEvents, type FleetRows } from './check-events.ts';

const by = 'mona';
const started: FleetEvent = { type: 'task_started', v: 1, taskId: 'a', attempt: 1 };
const publishing: FleetEvent = { type: 'task_publishing', v: 1, taskId: 'a' };
const requeued: FleetEvent = { type: 'task_requeued', v: 1, taskId: 'a', reason: 'The process ended.' };
const completed: FleetEvent = { type: 'task_completed', v: 1, taskId: 'a', outcome: 'changed', pullRequest: 1 };
const failed: FleetEvent = { type: 'task_failed', v: 1, taskId: 'a', category: 'command' };
const cancelled: FleetEvent = { type: 'task_cancelled', v: 1, taskId: 'a' };
const ended: FleetEvent = { type: 'fleet_ended', v: 1, status: 'completed' };
const planned: FleetEvent = { type: 'fleet_planned', v: 1, by, targets: 1, leftOut: 0 };
const begun = (node: string): FleetEvent => ({ type: 'node_started', v: 1, taskId: 'a', node });
const done = (node: string): FleetEvent => ({ type: 'node_ended', v: 1, taskId: 'a', node, status: 'completed' });

const log = (...events: FleetEvent[]) => events.map((event, index) => ({ fleetId: 'f', seq: index + 1, at: 0, event }));
const rows = (eventSeq: number, task: Partial<FleetRows['tasks'][number]> = {}, over = true): FleetRows => ({
  eventSeq,
  ended: over,
  tasks: [{ id: 'a', status: 'completed', attempt: 1, ...task }],
});
/** Of a log whose rows agree with it. */
const faultsOf = (events: FleetEvent[], task: Partial<FleetRows['tasks'][number]> = {}, over = true) =>
  checkEvents(log(...events), rows(events.length, task, over));

describe('a log that may be', () => {
  it.each<[string, FleetEvent[], Partial<FleetRows['tasks'][number]>?]>([
    ['runs through', [planned, started, begun('n'), done('n'), publishing, completed, ended]],
    [
      'begins a new attempt after a crash, with new nodes',
      [planned, started, begun('n'), requeued, { ...started, attempt: 2 }, begun('n'), done('n'), completed, ended],
      { attempt: 2 },
    ],
    ['goes on publishing after a crash', [planned, started, publishing, requeued, started, completed, ended]],
    [
      'undoes what was done after the snapshot',
      [
        planned,
        started,
        begun('n'),
        done('n'),
        begun('m'),
        requeued,
        started,
        { type: 'task_resumed', v: 1, taskId: 'a', attempt: 1, undone: 1 },
        begun('m'),
        done('m'),
        completed,
        ended,
      ],
    ],
    [
      'waits for a person',
      [
        planned,
        started,
        { type: 'approval_asked', v: 1, taskId: 'a', node: 'ask' },
        { type: 'task_waiting', v: 1, taskId: 'a' },
        { type: 'approval_decided', v: 1, taskId: 'a', node: 'ask', decision: 'yes', by },
        requeued,
        started,
        { type: 'task_resumed', v: 1, taskId: 'a', attempt: 1, undone: 0 },
        done('ask'),
        completed,
        ended,
      ],
    ],
    [
      'is undone after the end',
      [
        planned,
        started,
        completed,
        ended,
        { type: 'undo_requested', v: 1, by, tasks: 1 },
        { type: 'branch_deleted', v: 1, taskId: 'a', sha: 'abc' },
        { type: 'pull_request_undone', v: 1, taskId: 'a', pullRequest: 1, remark: null },
      ],
    ],
    [
      'has its branch taken back, as its pull request was refused',
      [
        planned,
        started,
        publishing,
        { type: 'branch_pushed', v: 1, taskId: 'a', sha: 'abc' },
        { type: 'effect_refused', v: 1, taskId: 'a', effect: 'pull_request', error: '422' },
        { type: 'branch_deleted', v: 1, taskId: 'a', sha: 'abc' },
        failed,
        { ...ended, status: 'failed' },
      ],
      { status: 'failed' },
    ],
    [
      'is undone with its branch after the end',
      [
        planned,
        started,
        completed,
        ended,
        { type: 'undo_requested', v: 1, by, tasks: 1 },
        { type: 'branch_deleted', v: 1, taskId: 'a', sha: 'abc' },
        { type: 'pull_request_undone', v: 1, taskId: 'a', pullRequest: 1, remark: null },
      ],
    ],
    [
      'is prepared, and published after the end',
      [
        planned,
        started,
        { type: 'task_completed', v: 1, taskId: 'a', outcome: 'prepared', pullRequest: null },
        ended,
        { type: 'effect_done', v: 1, taskId: null, effect: 'comment', number: 2 },
        { type: 'fleet_reopened', v: 1, by },
        { type: 'fleet_publish_requested', v: 1, by, tasks: 1 },
        { type: 'task_publish_requested', v: 1, taskId: 'a' },
        started,
        publishing,
        { type: 'branch_pushed', v: 1, taskId: 'a', sha: 'abc' },
        completed,
        ended,
        { type: 'workspace_removed', v: 1, taskId: 'a' },
      ],
    ],
    [
      'is tried again after its end',
      [
        planned,
        started,
        failed,
        { ...ended, status: 'failed' },
        { type: 'fleet_reopened', v: 1, by },
        { type: 'task_retried', v: 1, taskId: 'a' },
        { ...started, attempt: 2 },
        completed,
        ended,
        { type: 'fleet_superseded', v: 1, by: 'f-2' },
      ],
      { attempt: 2 },
    ],
  ])('has no fault where the task %s', (_, events, task) => {
    expect(faultsOf(events, task)).toEqual([]);
  });
});

describe('a log that may not be', () => {
  it('has a gap', () => {
    const whole = log(planned, started, completed, ended);
    const broken = [...whole.slice(0, 1), ...whole.slice(2)];
    expect(checkEvents(broken, rows(4))).toEqual(
      expect.arrayContaining(['event 3 stands in place 2', 'event 4 stands in place 3', '3 events are kept of 4']),
    );
  });

  it('has lost its end', () => {
    expect(checkEvents(log(planned, started, completed), rows(4))).toEqual(
      expect.arrayContaining(['3 events are kept of 4', 'the log says that the fleet did not end, its row not']),
    );
  });

  it.each<[string, FleetEvent[], string]>([
    [
      'a task completes that never ran',
      [planned, completed, ended],
      'event 2: task a: it goes from queued to completed',
    ],
    [
      'a task completes twice',
      [planned, started, completed, completed, ended],
      'event 4: task a: it goes from completed to completed',
    ],
    [
      'a task ends after its fleet',
      [planned, started, completed, ended, completed],
      'event 5: task_completed after the fleet ended',
    ],
    ['the fleet ends twice', [planned, started, completed, ended, ended], 'event 5: fleet_ended after the fleet ended'],
    ['the fleet ends before its task', [planned, started, ended, completed], 'event 3: it ends before its tasks have'],
    [
      'the fleet ends as its tasks did not',
      [planned, started, failed, ended],
      'event 4: it ends completed, its tasks come to failed',
    ],
    [
      'a task starts while it runs',
      [planned, started, started, completed, ended],
      'event 3: task a: it goes from running to running',
    ],
    [
      'an attempt is left out',
      [planned, { ...started, attempt: 2 }, completed, ended],
      'event 2: task a: attempt 2 follows on 0',
    ],
    [
      'a task publishes twice',
      [planned, started, publishing, publishing, completed, ended],
      'event 4: task a: it begins to publish twice',
    ],
    [
      'a publishing task is cancelled',
      [planned, started, publishing, cancelled],
      'event 4: task a: it is cancelled after it began to publish',
    ],
    ['a task publishes in the queue', [planned, publishing], 'event 2: task a: task_publishing while it is queued'],
    [
      'a node ends that never began',
      [planned, started, done('n'), completed, ended],
      'event 3: task a: node n goes from pending to completed',
    ],
    [
      'a node begins twice',
      [planned, started, begun('n'), begun('n')],
      'event 4: task a: node n goes from running to running',
    ],
    [
      'more nodes are undone than were',
      [
        planned,
        started,
        begun('n'),
        done('n'),
        requeued,
        started,
        { type: 'task_resumed', v: 1, taskId: 'a', attempt: 1, undone: 0 },
        begun('n'),
      ],
      'event 8: task a: node n goes from completed to running',
    ],
    [
      'an undo is asked for too early',
      [planned, started, { type: 'undo_requested', v: 1, by, tasks: 1 }],
      'event 3: an undo is asked for before it ended',
    ],
    [
      'a completed task goes on that nobody asked to publish',
      [planned, started, completed, requeued],
      'event 4: task a: it goes from completed to queued',
    ],
    [
      'what was not prepared is published',
      [planned, started, completed, { type: 'task_publish_requested', v: 1, taskId: 'a' }],
      'event 4: task a: what was not prepared is to be published',
    ],
    [
      'a branch is pushed too early',
      [planned, started, { type: 'branch_pushed', v: 1, taskId: 'a', sha: 'abc' }],
      'event 3: task a: a branch is pushed before it began to publish',
    ],
    [
      'a branch is deleted in the middle of the work',
      [planned, started, { type: 'branch_deleted', v: 1, taskId: 'a', sha: 'abc' }],
      'event 3: task a: its branch is deleted while it is running and has not begun to publish',
    ],
    [
      'what was rejected is cancelled too',
      [planned, { type: 'fleet_rejected', v: 1, by, on: 'plan' }, { type: 'fleet_cancel_requested', v: 1, by }],
      'event 3: fleet_cancel_requested after a cancel was requested',
    ],
    [
      'an unasked question is answered',
      [planned, started, { type: 'approval_expired', v: 1, taskId: 'a', node: 'n' }],
      'event 3: task a: n is answered and does not wait',
    ],
    ['an unknown task starts', [planned, { ...started, taskId: 'b' }], 'event 2: there is no task b'],
    ['something comes before the plan', [started, planned], 'event 1: task_started before it was planned'],
    ['the plan has other targets', [{ ...planned, targets: 2 }], 'event 1: 2 targets are planned, there are 1 tasks'],
    [
      'a gate opens that was not closed',
      [planned, { type: 'gate_opened', v: 1, gate: 'wave', by }],
      'event 2: its gate is opened (wave) while it is open',
    ],
    [
      'a fleet resumes that was not paused',
      [planned, { type: 'fleet_resumed', v: 1, by }],
      'event 2: it is resumed and was not paused',
    ],
  ])('tells that %s', (_, events, fault) => {
    expect(faultsOf(events)).toContain(fault);
  });

  it('comes to something else than the rows', () => {
    const events = [planned, started, completed, ended];
    expect(faultsOf(events, { status: 'failed', attempt: 3 })).toEqual([
      'task a is failed, the log says completed',
      'task a is in attempt 3, the log says 1',
    ]);
    expect(faultsOf(events, {}, false)).toEqual(['the log says that the fleet ended, its row not']);
  });
});
