import { routes } from '../../../src/local-github/rest/register.ts';

/** GitHub's template: the local GitHub marks a last name that may contain slashes with a plus. */
const templateOf = (route: { method: string; path: string }): string =>
  `${route.method} ${route.path.replace(/\+\}$/, '}')}`;

/** Every operation that the local GitHub speaks, and so every one that the app can use, e.g. `GET /repos/{owner}/{repo}`. */
export const operationsInScope: readonly string[] = routes.map(templateOf);

/** Every webhook that the local GitHub sends, as the description names them. */
export const webhooksInScope: readonly string[] = [
  'issue-comment-created',
  'issue-comment-deleted',
  'issue-comment-edited',
  'issues-closed',
  'issues-deleted',
  'issues-edited',
  'issues-opened',
  'issues-reopened',
  'pull-request-closed',
  'pull-request-converted-to-draft',
  'pull-request-edited',
  'pull-request-opened',
  'pull-request-ready-for-review',
  'pull-request-reopened',
  'pull-request-synchronize',
  'push',
  'repository-archived',
  'repository-deleted',
  'repository-dispatch-sample.collected',
  'repository-privatized',
  'repository-publicized',
  'repository-renamed',
  'repository-unarchived',
];
