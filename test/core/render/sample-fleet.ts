import { NO_FLAGS } from '../../../src/core/command/parse-arguments.ts';
import type { Plan } from '../../../src/core/plan.ts';
import type { ToldNode } from '../../../src/core/render/node-table.ts';
import type {
  ApprovalView,
  FleetView,
  NodeView,
  TaskView,
  TrackingIssueFacts,
} from '../../../src/core/render/views.ts';
import { NOTHING_SPENT, type Spent } from '../../../src/core/spent.ts';
import type { Workflow } from '../../../src/core/workflow/types.ts';

export const NOON = Date.UTC(2026, 2, 4, 12, 0, 0);
const SECOND = 1_000;

const workflow: Workflow = {
  name: 'bump-shared-lib',
  description: 'Brings @acme/shared to a version and repairs what breaks.',
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
  nodes: ['bump', 'test', 'retest'].map((id) => ({
    id,
    kind: 'bash',
    script: 'npm test',
    dependsOn: [],
    when: null,
    timeoutMs: 1,
    continueOnError: false,
    triggerRule: 'all_success',
    retry: null,
    alwaysRun: false,
    env: {},
    outputFormat: null,
  })),
};

export const plan = (names: readonly string[], change: Partial<Plan> = {}): Plan => ({
  format: 3,
  source: {
    name: 'bump-shared-lib',
    origin: 'acme/platform:.github/fleet/bump-shared-lib.yml',
    text: '',
    digest: 'a3f5c1d2e4b6978812345678',
    files: {},
    includes: {},
  },
  workflow,
  inputs: { version: '2.0' },
  branch: 'fleet/bump-shared-lib-2.0',
  targets: names.map((name, index) => ({
    repositoryId: index + 1,
    repository: `acme/${name}`,
    visibility: 'private',
    wave: 0,
    stage: 0,
  })),
  leftOut: [],
  siblings: [],
  flags: NO_FLAGS,
  confirmOver: null,
  parallel: 1,
  budgetUsd: null,
  agentEstimate: null,
  notify: { mention: false, webhook: null },
  allowMoreVisibleControlRepository: false,
  changeLimits: { maxFiles: 300, maxBytes: 5_242_880, protectedPaths: [] },
  agents: {},
  ...change,
});

export const fleet = (change: Partial<FleetView> = {}): FleetView => ({
  id: 'f-k3m5n2qa',
  controlRepository: 'acme/platform',
  branch: 'fleet/bump-shared-lib-2.0',
  plan: plan(['service-api']),
  sender: { id: 7, login: 'octocat' },
  runAs: { id: 7, login: 'octocat' },
  door: 'comment',
  origin: { issueNumber: 12, commentId: 3456 },
  createdAt: NOON,
  expiresAt: null,
  approvedAt: NOON,
  approvedBy: null,
  cancelRequestedAt: null,
  endedAt: null,
  wave: 0,
  gate: null,
  gateSince: null,
  pausedAt: null,
  pausedBy: null,
  ...change,
});

export const task = (name: string, change: Partial<TaskView> = {}): TaskView => ({
  id: `t-${name}`,
  repository: `acme/${name}`,
  status: 'queued',
  outcome: null,
  category: null,
  reason: null,
  warnings: [],
  publishingAt: null,
  pullRequest: null,
  workspace: null,
  startedAt: null,
  endedAt: null,
  notBefore: 0,
  wave: 0,
  ...change,
});

export const changed = (name: string, number: number, change: Partial<TaskView> = {}): TaskView =>
  task(name, {
    status: 'completed',
    outcome: 'changed',
    pullRequest: { number, url: `https://github.com/acme/${name}/pull/${number}` },
    startedAt: NOON,
    endedAt: NOON + 14 * SECOND,
    ...change,
  });

export const node = (nodeId: string, change: Partial<NodeView> = {}): NodeView => ({
  nodeId,
  kind: 'bash',
  status: 'completed',
  exitCode: 0,
  tail: '',
  startedAt: NOON,
  endedAt: NOON + 3 * SECOND,
  ...change,
});

export const spent = (change: Partial<Spent> = {}): Spent => ({ ...NOTHING_SPENT, sessions: 1, ...change });

/** As a pull request tells it, of an agent that told nothing. */
export const toldNode = (nodeId: string, change: Partial<ToldNode> = {}): ToldNode => ({
  ...node(nodeId),
  agent: null,
  model: null,
  tokens: null,
  costUsd: null,
  costComputed: false,
  ...change,
});

export const approval = (of: string, change: Partial<ApprovalView> = {}): ApprovalView => ({
  taskId: `t-${of}`,
  nodeId: 'gate',
  message: 'Ship it?',
  decisions: [
    { id: 'approve', label: 'approve' },
    { id: 'reject', label: 'reject' },
  ],
  expiresAt: NOON + 7 * 24 * 60 * 60 * SECOND,
  answer: null,
  ...change,
});

export const facts = (change: Partial<TrackingIssueFacts> = {}): TrackingIssueFacts => ({
  fleet: fleet(),
  status: 'running',
  tasks: [],
  nodes: new Map(),
  spent: new Map(),
  approvals: [],
  gates: [],
  history: [],
  patches: { shown: [], unread: 0 },
  undos: [],
  publishing: null,
  turns: null,
  diskFullSince: null,
  supersededBy: null,
  reopened: false,
  now: NOON,
  webUrl: 'https://github.com',
  ...change,
});

/** The sample organization's fleet: six pull requests, one up to date, one with red tests, four left out. */
export function partialFleet(): TrackingIssueFacts {
  const names = ['api', 'auth', 'billing', 'catalog', 'gateway', 'mail', 'orders', 'search'].map((n) => `service-${n}`);
  const tail = [
    '\u001b[31m✖ totals add up (1.2 ms)\u001b[39m',
    "AssertionError: expected '```' | got @acme/shared#12",
    '    at test/totals.test.js:14:3',
    'token ghs_16C7e42F292c6912E7710c838347Ae178B4a',
    'tests 4, pass 3, fail 1',
  ].join('\n');
  return facts({
    status: 'partial',
    fleet: fleet({
      plan: plan(names, {
        leftOut: [
          { repositoryId: 20, repository: 'acme/service-old', reason: 'archived', detail: 'It is archived.' },
          { repositoryId: 21, repository: 'acme/service-fork', reason: 'fork', detail: 'Forks run only when named.' },
          { repositoryId: 22, repository: 'acme/service-lab', reason: 'ignored', detail: 'Topic `fleet-ignore`.' },
          {
            repositoryId: 23,
            repository: 'acme/service-pay',
            reason: 'no_permission',
            detail: 'octocat cannot write.',
          },
        ],
      }),
      endedAt: NOON + 135 * SECOND,
    }),
    tasks: [
      changed('service-api', 12),
      changed('service-auth', 4),
      task('service-billing', {
        status: 'failed',
        category: 'command',
        reason: 'Node `retest` ended with status 1.',
        startedAt: NOON,
        endedAt: NOON + 9 * SECOND,
        workspace: '/data/workspaces/f-k3m5n2qa/acme/service-billing',
      }),
      changed('service-catalog', 9, { warnings: ['Label `dependencies` does not exist and was not set.'] }),
      task('service-gateway', {
        status: 'completed',
        outcome: 'unchanged',
        startedAt: NOON,
        endedAt: NOON + 2 * SECOND,
      }),
      changed('service-mail', 31),
      changed('service-orders', 7, { endedAt: NOON + 63 * SECOND }),
      changed('service-search', 2),
    ],
    nodes: new Map([
      ['t-service-billing', [node('retest', { status: 'failed', exitCode: 1, tail })]],
      ['t-service-orders', [node('repair', { kind: 'prompt' })]],
      ['t-service-mail', [node('repair', { kind: 'prompt' })]],
    ]),
    spent: new Map([
      ['t-service-orders', spent({ knownUsd: 0.04, tokens: { input: 9_000, output: 1_000, cachedInput: 110_000 } })],
      ['t-service-mail', spent({ unknown: 1, unknownTokens: 1 })],
    ]),
    history: [
      { at: NOON, event: { type: 'fleet_planned', v: 1, by: 'octocat', targets: 8, leftOut: 4 } },
      { at: NOON + 60 * SECOND, event: { type: 'fleet_paused', v: 1, by: 'hubot[bot]' } },
      { at: NOON + 90 * SECOND, event: { type: 'fleet_resumed', v: 1, by: 'octocat' } },
      { at: NOON + 135 * SECOND, event: { type: 'fleet_ended', v: 1, status: 'partial' } },
    ],
  });
}
