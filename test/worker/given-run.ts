import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createWorkspaces } from '../../src/platform/git/create-workspaces.ts';
import { readLog } from '../../src/platform/logs/read-log.ts';
import { createProcesses } from '../../src/platform/process/create-processes.ts';
import type { FleetRow } from '../../src/store/contract/fleets.ts';
import type { Store } from '../../src/store/contract/store.ts';
import type { OpenRun, WorkerContext } from '../../src/worker/context.ts';
import { fleet, NOON, plan, task } from '../core/render/sample-fleet.ts';
import { usualSandbox } from '../sandboxes.ts';

const line = (): void => {};
const log = { debug: line, info: line, warn: line, error: line };

type Outside = Partial<
  Pick<WorkerContext, 'agents' | 'clock' | 'random' | 'configuredAgents' | 'maxUserBudgetUsdPerDay'>
>;

/** A task in its workspace, an empty folder, with real processes; without GitHub, and without a store unless one is given. */
export function givenRun(
  workflow: Partial<FleetRow['plan']['workflow']>,
  signal: AbortSignal,
  store?: Store,
  outside: Outside = {},
): OpenRun {
  const path = mkdtempSync(join(tmpdir(), 'flotilla-run-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const [tree, home, logs, outputs] = ['tree', 'home', 'logs', 'outputs'].map((name) => join(path, name));
  if (tree === undefined || home === undefined || logs === undefined || outputs === undefined) throw new Error(path);
  for (const folder of [tree, home, logs, outputs]) mkdirSync(folder);
  const places = { path, tree, home, logs, outputs, siblings: join(path, 'siblings'), pids: join(path, 'pids') };
  return {
    context: contextIn(path, store, outside),
    fleet: fleetOf(workflow),
    task: {
      ...task('one'),
      fleetId: 'f-k3m5n2qa',
      repositoryId: 1,
      position: 0,
      branch: 'fleet/go',
      attempt: 1,
      fence: 1,
      cancelRequested: false,
      baseBranch: 'main',
      baseSha: null,
      journal: null,
      publishingTree: null,
      publishAsked: false,
      ranAgain: null,
      costUsd: null,
      countedUsd: 0,
      wave: 0,
    },
    repository: { fullName: 'acme/one', visibility: 'private' },
    workspaceRequest: {
      installationId: 1,
      repositoryId: 1,
      repository: 'acme/one',
      fleetId: 'f-k3m5n2qa',
      taskId: 't-one',
      attempt: 1,
      folder: 'acme/one',
      defaultBranch: 'main',
      baseBranch: null,
      branch: 'fleet/go',
    },
    facts: {},
    claimedAt: NOON,
    signal,
    draining: new AbortController().signal,
    workspace: {
      ...places,
      mirror: join(places.path, 'mirror.git'),
      baseBranch: 'main',
      baseSha: '0',
      baseTree: '0',
      branchHead: null,
    },
  };
}

function contextIn(dataDir: string, store: Store | undefined, { agents, ...outside }: Outside): WorkerContext {
  const github = { gitToken: () => Promise.reject(new Error('no token')), cloneUrl: (name: string) => name };
  return {
    get store() {
      if (store === undefined) throw new Error('There is no store.');
      return store;
    },
    get github(): never {
      throw new Error('There is no GitHub.');
    },
    get agents() {
      if (agents === undefined) throw new Error('There are no agents.');
      return agents;
    },
    get secretScan(): never {
      throw new Error('Nothing looks for secrets.');
    },
    get effects(): never {
      throw new Error('There are no effects.');
    },
    workspaces: createWorkspaces({ dataDir, github, clock: { now: () => NOON }, log, sandbox: usualSandbox }),
    processes: createProcesses({ log, sandbox: usualSandbox }),
    logs: { tail: readLog },
    clock: { now: () => NOON },
    log,
    random: () => new Uint8Array(),
    configuredAgents: {},
    maxUserBudgetUsdPerDay: null,
    keepWorkspaces: 'none',
    lookAgainMs: 30_000,
    journalAfterMs: Number.POSITIVE_INFINITY,
    pause: () => Promise.resolve(),
    childPath: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    ...outside,
  };
}

function fleetOf(workflow: Partial<FleetRow['plan']['workflow']>): FleetRow {
  const sample = plan(['one']);
  return {
    ...fleet(),
    plan: { ...sample, workflow: { ...sample.workflow, ...workflow } },
    installationId: 1,
    controlRepositoryId: 9,
    fleetKey: 'key',
    workflow: 'go',
    door: 'comment',
    deliveryId: 'd',
    idempotencyKey: null,
    wave: 0,
    gate: null,
    gateSince: null,
    pausedAt: null,
    pausedBy: null,
    turnedAt: null,
    supersededBy: null,
    trackingIssue: null,
    eventSeq: 0,
    reportedSeq: 0,
    reportedAt: null,
    reportedPages: [],
    editedSeq: 0,
    putBackSeq: 0,
  };
}
