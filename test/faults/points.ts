/** The ways by which an effect leaves the app, each with a name: the app can be killed before and after each of them. */
export const POINTS = [
  'reaction',
  'issue',
  'issue_edit',
  'comment',
  'comment_edit',
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

const REPOSITORY = '/repos/[^/]+/[^/]+';
const REQUESTS: readonly (readonly [point: Point, method: string, path: RegExp])[] = [
  ['reaction', 'POST', at('/issues/comments/\\d+/reactions')],
  ['issue', 'POST', at('/issues')],
  ['issue_edit', 'PATCH', at('/issues/\\d+')],
  ['comment', 'POST', at('/issues/\\d+/comments')],
  ['comment_edit', 'PATCH', at('/issues/comments/\\d+')],
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
