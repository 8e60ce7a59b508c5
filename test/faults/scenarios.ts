/** The kinds of fleets over which kills are spread. A new effect needs a point, and a scenario that meets it. */
import type { Seed } from '../../src/local-github/seed/seed.ts';
import { workflowFiles } from '../story/workflows.ts';
import type { Point } from './points.ts';

/** Before its tasks run; in each task; in a report, which may be while they run; after they ended. */
type When = 'before' | 'task' | 'report' | 'after';

export interface Scenario {
  /** Also of its workflow, unless it follows another one. */
  name: string;
  /** Gives the command of the scenario before it again, after the base of every repository moved on. */
  follows: boolean;
  workflow: string;
  /** Points that it meets, and how many kills of one fleet may be there. */
  points: Partial<Record<Point, { when: When; most: number }>>;
  /** What people say on the tracking issue, each when the fleet stands as told there. */
  steps: readonly { when: 'held' | 'ended'; say: string }[];
  /** Topic → what its tasks come to. */
  outcomes: Readonly<Record<string, 'changed' | 'undone' | 'cancelled'>>;
  /** What every pull request of it has. */
  details: { labels: readonly string[]; assignees: readonly string[]; reviewers: readonly string[] };
}

const NAMES = Array.from({ length: 10 }, (_, index) => `service-${index}`);
/** Their long names fill the tracking issue's first page, so that there are further ones. */
const FAR_NAMES = Array.from({ length: 60 }, (_, index) => `zone-${String(index).padStart(2, '0')}-${'x'.repeat(85)}`);

const AROUND: Scenario['points'] = {
  reaction: { when: 'report', most: 2 },
  issue: { when: 'before', most: 2 },
  issue_edit: { when: 'report', most: 1 },
  comment: { when: 'after', most: 2 },
};
const DETAILS: Scenario['points'] = {
  labels: { when: 'task', most: 2 },
  assignees: { when: 'task', most: 2 },
  reviewers: { when: 'task', most: 2 },
};

const workflow = (name: string, pullRequest: string, more = '') => `
name: ${name}
inputs: { version: { required: true } }
services: [{ tag: app }]
parallel: true
pull_request: { ${pullRequest} }
${more}
nodes:
  - id: write
    bash: printf '%s\\n' "$INPUTS_VERSION" > VERSION
  - id: check
    bash: sleep 0.3 && test "$(cat VERSION)" = "$INPUTS_VERSION"
    depends_on: [write]
`;
const PUSH = workflow('push', 'labels: [maintenance], assignees: [mona], reviewers: [rita]');
const API = workflow('api', 'commit: api, labels: [maintenance]');
const PAGES = workflow(
  'pages',
  'labels: [maintenance]',
  'rollout: { canary: 10, waves: [100%], approve: canary }',
).replace('[{ tag: app }]', '[{ tag: app }, { tag: far }]');

const push: Scenario = {
  name: 'push',
  follows: false,
  workflow: 'push',
  points: {
    ...AROUND,
    ...DETAILS,
    push: { when: 'task', most: 2 },
    pull_request: { when: 'task', most: 2 },
  },
  steps: [],
  outcomes: { app: 'changed' },
  details: { labels: ['maintenance'], assignees: ['mona'], reviewers: ['rita'] },
};

const pushAgain: Scenario = {
  ...push,
  name: 'push-again',
  follows: true,
  points: {
    ...AROUND,
    ...DETAILS,
    push: { when: 'task', most: 2 },
    pull_request_edit: { when: 'task', most: 3 },
  },
};

const api: Scenario = {
  name: 'api',
  follows: false,
  workflow: 'api',
  points: { ...AROUND, branch: { when: 'task', most: 3 }, pull_request: { when: 'task', most: 2 } },
  steps: [],
  outcomes: { app: 'changed' },
  details: { labels: ['maintenance'], assignees: [], reviewers: [] },
};

const apiAgain: Scenario = {
  ...api,
  name: 'api-again',
  follows: true,
  points: { ...AROUND, branch_move: { when: 'task', most: 3 }, pull_request_edit: { when: 'task', most: 2 } },
};

/** Its canary is held, and the rest cancelled: rows of further pages change. */
const pages: Scenario = {
  name: 'pages',
  follows: false,
  workflow: 'pages',
  points: {
    ...AROUND,
    push: { when: 'task', most: 1 },
    pull_request: { when: 'task', most: 1 },
    comment_edit: { when: 'after', most: 4 },
  },
  steps: [{ when: 'held', say: '/fleet cancel' }],
  outcomes: { app: 'changed', far: 'cancelled' },
  details: { labels: ['maintenance'], assignees: [], reviewers: [] },
};

/** What it opened is taken back: each pull request closed, then its branch deleted. */
const undo: Scenario = {
  ...push,
  name: 'undo',
  points: {
    reaction: { when: 'report', most: 2 },
    push: { when: 'task', most: 1 },
    pull_request: { when: 'task', most: 1 },
    pull_request_edit: { when: 'after', most: 1 },
    branch_delete: { when: 'after', most: 3 },
  },
  steps: [{ when: 'ended', say: '/fleet undo' }],
  outcomes: { app: 'undone' },
};

/** The first two alone meet most points; the others are for runs that have the time. */
export const FEW: readonly Scenario[] = [push, pushAgain];
export const ALL: readonly Scenario[] = [push, pushAgain, api, apiAgain, pages, undo];

/** Every repository, by the topic that selects it. */
export const REPOSITORIES: Readonly<Record<string, readonly string[]>> = { app: NAMES, far: FAR_NAMES };

export function seedFor(scenarios: readonly Scenario[], webhookUrl: string): Seed {
  const topics = new Set(scenarios.flatMap(({ outcomes }) => Object.keys(outcomes)));
  const repositories = Object.entries(REPOSITORIES).flatMap(([topic, names]) =>
    topics.has(topic) ? names.map((name) => ({ name, topics: [topic] })) : [],
  );
  return {
    app: { id: 1, slug: 'flotilla', webhook_url: webhookUrl },
    users: [{ login: 'mona' }, { login: 'rita' }],
    organizations: [
      {
        login: 'acme',
        members: ['mona', 'rita'],
        repositories: [
          {
            name: 'platform',
            files: workflowFiles({ push: PUSH, api: API, pages: PAGES }),
            collaborators: { mona: 'admin' },
            issues: [{ title: 'Maintenance', user: 'mona' }],
          },
          ...repositories.map((repository) => ({
            ...repository,
            files: { VERSION: '0\n' },
            collaborators: { mona: 'write' as const, rita: 'write' as const },
          })),
        ],
      },
    ],
    limits: {
      core: 1_000_000,
      graphql: 1_000_000,
      content_per_minute: 1_000_000,
      content_per_hour: 1_000_000,
      points_per_minute: 1_000_000,
    },
  };
}

/** The app's settings: the waits of the effect rules are shorter, and none is left out. */
export const SETTINGS = `
sandbox: optional
confirm_over: 1000
caps: { system: 4, per_user: 4 }
content_budget: { per_minute: 1000000, per_hour: 1000000 }
effects: { unanswered_wait: 1s, between_looks: 1s, request_timeout: 15s }
`;
