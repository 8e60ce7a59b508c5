/** The kinds of fleets over which kills are spread. A new effect needs a point, and a scenario that meets it. */
import type { Point } from './points.ts';

/** Before its tasks run; in each task; in a report, which may be while they run; after they ended. */
type When = 'before' | 'task' | 'report' | 'after';

export interface Step {
  /** asked: no task of it can go on before a person decides. */
  when: 'held' | 'asked' | 'ended';
  say: string;
  /** Somebody does what the workflow waits for in every base first. */
  mends?: boolean;
}

/** It refuses every pull request, or loses the answer to a comment of which its lists know nothing at both looks. */
export type Trouble = 'refused_pulls' | 'doubled_comment';

export interface Scenario {
  /** Often also of its workflow. */
  name: string;
  /** Gives the command of the scenario before it again, after the base of every repository moved on. */
  follows: boolean;
  workflow: string;
  /** Of its command. */
  flags?: string;
  /** What GitHub does while it runs. */
  trouble?: Trouble;
  /** Points that it meets, and how many kills of one fleet may be there. */
  points: Partial<Record<Point, { when: When; most: number }>>;
  /** What people say on the tracking issue, each when the fleet stands as told there. */
  steps: readonly Step[];
  /** Topic → what its tasks come to. */
  outcomes: Readonly<Record<string, 'changed' | 'undone' | 'refused' | 'cancelled'>>;
  /** What every pull request of it has. */
  details: { labels: readonly string[]; assignees: readonly string[]; reviewers: readonly string[] };
}

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

/** Each pushed branch is taken back. */
const refused: Scenario = {
  ...push,
  name: 'refused',
  trouble: 'refused_pulls',
  points: {
    reaction: { when: 'report', most: 1 },
    push: { when: 'task', most: 1 },
    pull_request: { when: 'task', most: 2 },
    branch_delete: { when: 'task', most: 3 },
  },
  outcomes: { app: 'refused' },
};

/** A comment is there twice, and the app takes one of them away. */
const doubled: Scenario = {
  ...push,
  name: 'doubled',
  trouble: 'doubled_comment',
  points: { comment_deletion: { when: 'after', most: 2 } },
};

/** Pushes what was shown, and nothing else. */
const preview: Scenario = {
  ...push,
  name: 'preview',
  flags: '--preview',
  steps: [{ when: 'ended', say: '/fleet publish' }],
};

/** Every task fails first. */
const retry: Scenario = {
  ...api,
  name: 'retry',
  workflow: 'needs-base',
  points: {
    ...AROUND,
    push: { when: 'task', most: 2 },
    pull_request: { when: 'task', most: 2 },
    labels: { when: 'task', most: 2 },
  },
  steps: [{ when: 'ended', mends: true, say: '/fleet retry' }],
};

/** Every task waits for a person, and goes on where it was written down. */
const asks: Scenario = { ...retry, name: 'asks', workflow: 'asks', steps: [{ when: 'asked', say: '/fleet approve' }] };

/** The first two alone meet most points; the others are for runs that have the time. */
export const FEW: readonly Scenario[] = [push, pushAgain];
export const ALL: readonly Scenario[] = [
  push,
  pushAgain,
  api,
  apiAgain,
  pages,
  undo,
  refused,
  preview,
  retry,
  asks,
  doubled,
];

/** These, each with the one that it follows; empty where one of them is unknown. */
export function chooseScenarios(names: readonly string[]): Scenario[] {
  if (names.some((name) => ALL.every((scenario) => scenario.name !== name))) return [];
  return ALL.filter(({ name }, index) => {
    const next = ALL[index + 1];
    return names.includes(name) || (next?.follows === true && names.includes(next.name));
  });
}
