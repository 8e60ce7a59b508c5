import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_FLAGS } from '../../src/core/command/parse-arguments.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { FleetRequest } from '../../src/core/request.ts';
import type { Log } from '../../src/ports/log.ts';
import type { NewFleet } from '../../src/store/contract/fleets.ts';
import type { Lease } from '../../src/store/contract/lease.ts';
import type { NodeRow } from '../../src/store/contract/nodes.ts';
import type { NewSession } from '../../src/store/contract/sessions.ts';
import type { Store } from '../../src/store/contract/store.ts';
import type { TaskRow } from '../../src/store/contract/tasks.ts';

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'flotilla-store-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export const mona = { id: 501, login: 'mona' };
export const hubot = { id: 502, login: 'hubot' };

export function aRequest(change: Partial<FleetRequest> = {}): FleetRequest {
  return {
    door: 'comment',
    installationId: 7,
    controlRepository: { id: 100, fullName: 'acme/platform' },
    sender: { ...mona, type: 'User' },
    origin: { issueNumber: 3, commentId: 33 },
    command: { ok: true, command: { verb: 'help' } },
    idempotencyKey: null,
    ...change,
  };
}

export function aPlan(change: Partial<Plan> = {}): Plan {
  return {
    format: 3,
    source: { name: 'bump', origin: 'bundled:bump.yml', text: 'name: bump', digest: 'd1', files: {}, includes: {} },
    workflow: {
      name: 'bump',
      description: '',
      inputs: {},
      services: null,
      exclude: [],
      siblings: [],
      parallel: 1,
      branch: null,
      onlyIf: null,
      rollout: null,
      limits: { taskTimeoutMs: 60_000, budgetUsd: null, taskBudgetUsd: null },
      pullRequest: {
        title: null,
        body: null,
        commitMessage: null,
        base: null,
        draft: false,
        labels: [],
        reviewers: [],
        assignees: [],
        commit: 'push',
      },
      opensPullRequests: true,
      requires: [],
      evidence: [],
      nodes: [],
    },
    inputs: { version: '2.0' },
    branch: 'fleet/bump',
    targets: [],
    leftOut: [],
    siblings: [],
    flags: NO_FLAGS,
    confirmOver: null,
    allowMoreVisibleControlRepository: false,
    parallel: 1,
    changeLimits: { maxFiles: 300, maxBytes: 5 * 1024 * 1024, protectedPaths: [] },
    agents: {},
    budgetUsd: null,
    agentEstimate: null,
    notify: { mention: false, webhook: null },
    ...change,
  };
}

export function aFleet(id: string, change: Partial<NewFleet> = {}): NewFleet {
  return {
    id,
    installationId: 7,
    controlRepositoryId: 100,
    controlRepository: 'acme/platform',
    fleetKey: `key of ${id}`,
    workflow: 'bump',
    branch: `fleet/${id}`,
    plan: aPlan(),
    sender: mona,
    runAs: mona,
    door: 'comment',
    origin: { issueNumber: 3, commentId: 33 },
    deliveryId: `delivery of ${id}`,
    idempotencyKey: null,
    createdAt: 1_000,
    expiresAt: null,
    ...change,
  };
}

/** Inserts a fleet with tasks `<id>/0`, `<id>/1`, … in repositories 1, 2, …; throws on a conflict. */
export async function insertFleet(
  store: Store,
  id: string,
  tasks: number,
  change: Partial<NewFleet> = {},
): Promise<NewFleet> {
  const fleet = aFleet(id, change);
  const rows = Array.from({ length: tasks }, (_, index) => ({
    id: `${id}/${index}`,
    repositoryId: index + 1,
    repository: `acme/service-${index + 1}`,
  }));
  const result = await store.write((tx) =>
    tx.fleets.insert(fleet, rows, { type: 'fleet_planned', v: 1, by: fleet.sender.login, targets: tasks, leftOut: 0 }),
  );
  if (!result.inserted) throw new Error(`conflict with ${result.conflict.id}`);
  return fleet;
}

/** The same with its tracking issue made, so that its tasks may start. */
export async function insertReady(
  store: Store,
  id: string,
  tasks: number,
  change: Partial<NewFleet> = {},
): Promise<NewFleet> {
  const fleet = await insertFleet(store, id, tasks, change);
  await store.write((tx) => tx.fleets.setTrackingIssue(id, trackingIssue));
  return fleet;
}

export const trackingIssue = { id: 9_000, number: 44, url: 'https://github.example/acme/platform/issues/44' };

/** Starts the task with a lease of a minute. */
export async function startTask(store: Store, id: string, now = 2_000): Promise<TaskRow & Lease> {
  const task = await store.write((tx) => tx.tasks.start(id, now, now + 60_000));
  if (task === undefined) throw new Error(`task ${id} did not start`);
  return task;
}

export const completed = {
  status: 'completed',
  outcome: 'changed',
  reason: null,
  pullRequest: { number: 12, url: 'https://github.example/acme/service-1/pull/12' },
  warnings: [],
} as const;

export const failed = { status: 'failed', category: 'command', reason: 'exit code 1' } as const;

export function aNode(task: TaskRow, nodeId: string, change: Partial<NodeRow> = {}): NodeRow {
  return {
    taskId: task.id,
    attempt: task.attempt,
    nodeId,
    kind: 'bash',
    status: 'running',
    exitCode: null,
    output: '',
    tail: '',
    logFile: null,
    costUsd: null,
    costComputed: false,
    tokens: null,
    agent: null,
    model: null,
    startedAt: 2_100,
    endedAt: null,
    category: null,
    reason: '',
    ...change,
  };
}

export async function eventTypes(store: Store, fleetId: string): Promise<string[]> {
  const events = await store.read.events.ofFleet(fleetId);
  events.forEach(({ seq }, index) => {
    if (seq !== index + 1) throw new Error(`event ${index + 1} of ${fleetId} has number ${seq}`);
  });
  return events.map(({ event }) => event.type);
}

/** A session of the task, from its beginning to its end; null: its cost is unknown and counts for 5. */
export async function spend(store: Store, task: TaskRow, costUsd: number | null): Promise<void> {
  const id = `s-${task.id}-${task.attempt}`;
  await store.write(async (tx) => {
    await tx.sessions.begin(aSession(task, id));
    await tx.sessions.settle(id, { costUsd, computed: false, countedUsd: costUsd ?? 5, tokens: null });
  });
}

export const aSession = (task: TaskRow, id: string, change: Partial<NewSession> = {}): NewSession => ({
  id,
  fleetId: task.fleetId,
  taskId: task.id,
  attempt: task.attempt,
  place: 'ask',
  nodeId: 'ask',
  userId: 7,
  startedAt: 2_000,
  worstUsd: 5,
  ...change,
});
