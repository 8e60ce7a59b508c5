import fc from 'fast-check';
import type { FailureCategory } from '../../src/core/failures.ts';
import type { LeftOutReason } from '../../src/core/plan.ts';
import { diffText } from '../../src/core/render/diff-text.ts';
import type {
  ApprovalView,
  FleetView,
  NodeView,
  PatchView,
  TaskView,
  TrackingIssueFacts,
  UndoView,
} from '../../src/core/render/views.ts';
import type { UndoState } from '../../src/core/undo.ts';
import { approval, facts, fleet, NOON, node, plan, task } from '../core/render/sample-fleet.ts';
import { hostileFlags, hostileInputs, hostileText } from './arbitraries.ts';

/** Fleets of which every text that somebody else can choose is hostile. */

const maybe = fc.option(hostileText, { freq: 3 });
const ended = fc.constantFrom(null, NOON + 14_000);
const login = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('octocat', 'ci[bot]') },
  { weight: 1, arbitrary: hostileText },
);
const url = fc.oneof(
  fc.constant('https://github.com/acme/api/pull/12'),
  hostileText.map((text) => `https://github.com/acme/${text}/pull/12`),
);

const hostileNode: fc.Arbitrary<NodeView> = fc
  .record({
    nodeId: hostileText,
    kind: fc.constantFrom('bash', 'prompt', 'cancel'),
    status: fc.constantFrom<NodeView['status'][]>('pending', 'running', 'completed', 'failed', 'skipped', 'waiting'),
    exitCode: fc.constantFrom(null, 0, 1),
    tail: hostileText,
    endedAt: ended,
  })
  .map(({ nodeId, ...change }) => node(nodeId, change));

export const hostileNodes: fc.Arbitrary<readonly NodeView[]> = fc.array(hostileNode, { maxLength: 3 });

const hostileTask: fc.Arbitrary<TaskView> = fc
  .record({
    name: hostileText,
    status: fc.constantFrom<TaskView['status'][]>(
      ...(['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'timed_out'] as const),
    ),
    outcome: fc.constantFrom<TaskView['outcome'][]>(null, 'changed', 'unchanged', 'declined', 'prepared'),
    category: fc.constantFrom<(FailureCategory | null)[]>(null, 'command', 'agent', 'push_rejected'),
    reason: maybe,
    warnings: fc.array(hostileText, { maxLength: 2 }),
    pullRequest: fc.option(fc.record({ number: fc.integer({ min: 1, max: 99_999 }), url })),
    workspace: maybe,
    startedAt: fc.constantFrom(null, NOON),
    endedAt: ended,
  })
  .map(({ name, ...change }) => task(name, change));

const leftOut = fc.record({
  repositoryId: fc.constant(20),
  repository: hostileText,
  reason: fc.constantFrom<LeftOutReason[]>('archived', 'fork', 'no_permission', 'excluded'),
  detail: hostileText,
});

/** @param names of the targets */
const hostileFleet = (names: readonly string[]): fc.Arbitrary<FleetView> =>
  fc
    .record({
      inputs: hostileInputs,
      flags: hostileFlags,
      leftOut: fc.array(leftOut, { maxLength: 2 }),
      description: hostileText,
      origin: hostileText,
      branch: hostileText,
      sender: login,
      approvedBy: fc.option(login),
      endedAt: ended,
      dispatched: fc.boolean(),
      opensPullRequests: fc.boolean(),
    })
    .map(({ inputs, flags, leftOut, branch, sender, approvedBy, endedAt, dispatched, ...rest }) => {
      const { description, origin, opensPullRequests } = rest;
      const sample = plan(names, { inputs, leftOut });
      return fleet({
        branch,
        sender: { id: 7, login: sender },
        approvedBy: approvedBy === null ? null : { id: 8, login: approvedBy },
        endedAt,
        ...(dispatched ? { origin: null } : {}),
        plan: {
          ...sample,
          source: { ...sample.source, origin },
          flags: { ...sample.flags, ...flags },
          workflow: { ...sample.workflow, description, opensPullRequests },
        },
      });
    });

export const anyFleet: fc.Arbitrary<FleetView> = fc.array(hostileText, { maxLength: 3 }).chain(hostileFleet);

const decision = fc.record({ id: fc.constantFrom('approve', 'reject', 'ship'), label: hostileText });
const answer: fc.Arbitrary<ApprovalView['answer']> = fc.oneof(
  fc.constant(null),
  fc.constant({ kind: 'expired' as const, at: NOON }),
  fc.record({
    kind: fc.constant('decided' as const),
    decision: hostileText,
    text: hostileText,
    by: login.map((name) => ({ id: 9, login: name })),
    at: fc.constant(NOON),
  }),
);

/** Of a task; its repository's name is part of the task's id. */
const hostileApproval = ({ id }: TaskView): fc.Arbitrary<ApprovalView> =>
  fc
    .record({
      nodeId: fc.oneof(fc.constantFrom('gate', 'canary'), hostileText),
      message: hostileText,
      decisions: fc.array(decision, { minLength: 1, maxLength: 3 }),
      answer,
    })
    .map((change) => approval(id.slice('t-'.length), change));

const hostilePatch = (tasks: readonly TaskView[]): fc.Arbitrary<PatchView> =>
  fc
    .record({
      taskIds: fc.subarray(tasks.map(({ id }) => id)),
      path: hostileText,
      lines: fc.option(fc.nat({ max: 99 })),
      text: hostileText,
      truncated: fc.boolean(),
    })
    .map(({ taskIds, path, lines, ...diff }) => ({
      taskIds,
      files: [{ path, added: lines, deleted: lines }],
      diff: diffText(diff).text,
      truncated: diff.truncated,
    }));

/** Of a task. */
const hostileUndo = ({ id: taskId }: TaskView): fc.Arbitrary<readonly UndoView[]> =>
  fc
    .record({
      by: login.map((name) => ({ id: 9, login: name })),
      detail: maybe,
      end: fc.constantFrom<UndoState[]>(
        { state: 'requested' },
        { state: 'undone', remark: 'branch_left' },
        { state: 'kept', reason: 'refused' },
      ),
    })
    .map(({ end, ...change }) => [{ ...end, ...change, taskId, requestedAt: NOON }]);

export const hostileFacts: fc.Arbitrary<TrackingIssueFacts> = fc
  .uniqueArray(hostileTask, { maxLength: 4, selector: ({ id }) => id })
  .chain((tasks) =>
    fc.record({
      tasks: fc.constant(tasks),
      fleet: hostileFleet(tasks.map(({ id }) => id.slice('t-'.length))),
      nodes: fc
        .tuple(...tasks.map(() => hostileNodes))
        .map((nodes) => new Map(tasks.map(({ id }, index) => [id, nodes[index] ?? []]))),
      approvals: fc.tuple(...tasks.map(hostileApproval)),
      undos: fc.tuple(...tasks.map(hostileUndo)).map((undos) => undos.flat()),
      status: fc.constantFrom<TrackingIssueFacts['status'][]>(
        ...(['planned', 'running', 'waiting', 'completed', 'partial', 'failed', 'cancelled'] as const),
      ),
      supersededBy: fc.option(fc.record({ fleet: hostileText, url: fc.option(url) }), { freq: 3 }),
      patches: fc.array(hostilePatch(tasks), { maxLength: 2 }).map((shown) => ({ shown, unread: 0 })),
    }),
  )
  .map((change) => facts(change));
