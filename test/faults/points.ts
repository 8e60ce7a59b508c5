import type { GitHubWrites } from '../../src/ports/github-writes.ts';
import type { Workspaces } from '../../src/ports/workspace.ts';
import type { EffectRequest } from '../../src/store/contract/effects.ts';

/** The ways by which an effect leaves the app, each with a name: the app can be killed before and after each of them. */
export const POINTS = [
  'reaction',
  'issue',
  'issue_edit',
  'comment',
  'comment_edit',
  'comment_deletion',
  'pull_request',
  'pull_request_edit',
  'labels',
  'assignees',
  'reviewers',
  'push',
  'branch',
  'branch_move',
  'branch_delete',
] as const;

export type Point = (typeof POINTS)[number];

/** `before`: the intent is committed, nothing has left. `after`: GitHub has answered, the app has not seen it. */
export const SIDES = ['before', 'after'] as const;
export type Side = (typeof SIDES)[number];

/** A fleet makes one of them at a time: what arrived is found and not sent again, so that its point is not met again. */
export const MADE_ONCE: readonly Point[] = ['issue', 'comment'];

/** A new kind of effect says here at which point the app is killed around it, or tsc says so. */
export const OF_EFFECTS = {
  reaction: 'reaction',
  issue: 'issue',
  issue_edit: 'issue_edit',
  comment: 'comment',
  comment_edit: 'comment_edit',
  comment_deletion: 'comment_deletion',
  pull_request: 'pull_request',
  pull_request_edit: 'pull_request_edit',
  labels: 'labels',
  assignees: 'assignees',
  reviewers: 'reviewers',
} satisfies Record<EffectRequest['kind'], Point>;

/** The same for everything that the app asks of GitHub's API to write; none for what it only reads. */
export const OF_WRITES = {
  createIssue: ['issue'],
  updateIssue: ['issue_edit'],
  createComment: ['comment'],
  updateComment: ['comment_edit'],
  deleteComment: ['comment_deletion'],
  addReaction: ['reaction'],
  createPullRequest: ['pull_request'],
  updatePullRequest: ['pull_request_edit'],
  addLabels: ['labels'],
  addAssignees: ['assignees'],
  requestReviewers: ['reviewers'],
  commitFiles: ['branch', 'branch_move'],
  deleteBranch: ['branch_delete'],
  issuesSince: [],
  commentsSince: [],
  pullRequests: [],
  branchHead: [],
} satisfies Record<keyof GitHubWrites, readonly Point[]>;

/** And for git; null: nothing of it leaves this machine. */
export const OF_GIT = {
  push: 'push',
  deleteBranch: 'branch_delete',
  prepare: null,
  reopen: null,
  addSibling: null,
  snapshot: null,
  restore: null,
  writeOutputs: null,
  changes: null,
  diff: null,
  blobs: null,
  commit: null,
  inspect: null,
  remove: null,
  removeOrphan: null,
  removeMirror: null,
  removeKeptTree: null,
  removeHalfRemoved: null,
} satisfies Record<keyof Workspaces, Point | null>;

const REPOSITORY = '/repos/[^/]+/[^/]+';
const REQUESTS: readonly (readonly [point: Point, method: string, path: RegExp])[] = [
  ['reaction', 'POST', at('/issues/comments/\\d+/reactions')],
  ['issue', 'POST', at('/issues')],
  ['issue_edit', 'PATCH', at('/issues/\\d+')],
  ['comment', 'POST', at('/issues/\\d+/comments')],
  ['comment_edit', 'PATCH', at('/issues/comments/\\d+')],
  ['comment_deletion', 'DELETE', at('/issues/comments/\\d+')],
  ['pull_request', 'POST', at('/pulls')],
  ['pull_request_edit', 'PATCH', at('/pulls/\\d+')],
  ['labels', 'POST', at('/issues/\\d+/labels')],
  ['assignees', 'POST', at('/issues/\\d+/assignees')],
  ['reviewers', 'POST', at('/pulls/\\d+/requested_reviewers')],
  ['branch', 'POST', at('/git/refs')],
  ['branch_move', 'PATCH', at('/git/refs/.+')],
  ['branch_delete', 'DELETE', at('/git/refs/.+')],
];

function at(path: string): RegExp {
  return new RegExp(`${REPOSITORY}${path}$`);
}

/** @param url absolute; its query does not count */
export function pointOfRequest(method: string, url: string): Point | undefined {
  const { pathname } = new URL(url);
  return REQUESTS.find(([, wanted, path]) => wanted === method && path.test(pathname))?.[0];
}

/** @param args of one git; a refspec without a source deletes */
export function pointOfGit(args: readonly string[]): Point | undefined {
  if (!args.includes('push')) return undefined;
  return args.at(-1)?.startsWith(':') === true ? 'branch_delete' : 'push';
}

/** @param method of Workspaces, called in the process of our git */
export function pointOfCall(method: string): Point | undefined {
  const points: Readonly<Record<string, Point | null>> = OF_GIT;
  return points[method] ?? undefined;
}
