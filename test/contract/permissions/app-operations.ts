/** A REST operation (or the GraphQL endpoint) that the app uses, and a test in which it does. */
export interface AppOperation {
  operation: string;
  /** Path below the repository's root. */
  file: string;
  test: string;
}

const dispatch = 'test/story/dispatch.test.ts';
const oneFleet = 'test/story/one-fleet.test.ts';
const publication = 'test/story/publication.test.ts';
const rerun = 'test/story/rerun.test.ts';
const writes = 'test/platform/github/writes.test.ts';
const commitFiles = 'test/platform/github/commit-files.test.ts';

const fleet = {
  file: oneFleet,
  test: 'becomes one pull request per service on the same branch and one tracking issue that says so',
};
const byApi = { file: publication, test: 'makes a Verified commit through the API, and updates it the same way' };
const details = { file: writes, test: 'a pull request is opened, edited and given labels, assignees and reviewers' };
const missed = {
  file: 'test/story/missed-webhooks.test.ts',
  test: 'run when it is up again after ten minutes, each once and asked for once',
};
const api = {
  file: 'test/story/api/submit.test.ts',
  test: 'a fleet starts by a request, and its status tells tasks and pull requests',
};
const doctor = {
  file: 'test/platform/github/app-facts.test.ts',
  test: 'the app is told what it is, where it is installed, and where its webhooks go',
};
const comments = { file: writes, test: 'comments are created, edited, reacted to, looked for and deleted' };

/**
 * Everything that the app asks of GitHub. Held by the tests themselves: one in which the app uses another operation
 * fails, and so does one that is named here and no longer uses its operation.
 */
export const appOperations: readonly AppOperation[] = [
  {
    operation: 'DELETE /repos/{owner}/{repo}/git/refs/{ref}',
    file: writes,
    test: 'a branch is looked for and deleted, and one that is gone counts as deleted',
  },
  { operation: 'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', ...comments },
  { operation: 'GET /app', ...fleet },
  { operation: 'GET /app/hook/config', ...doctor },
  { operation: 'GET /app/hook/deliveries', ...missed },
  { operation: 'GET /app/installations', ...fleet },
  { operation: 'GET /installation/repositories', ...fleet },
  { operation: 'GET /repos/{owner}/{repo}', ...fleet },
  { operation: 'GET /repos/{owner}/{repo}/collaborators/{username}/permission', ...fleet },
  { operation: 'GET /repos/{owner}/{repo}/commits', ...byApi },
  { operation: 'GET /repos/{owner}/{repo}/compare/{basehead}', ...byApi },
  { operation: 'GET /repos/{owner}/{repo}/contents/{path}', ...fleet },
  { operation: 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}', ...byApi },
  { operation: 'GET /repos/{owner}/{repo}/git/ref/{ref}', ...byApi },
  { operation: 'GET /repos/{owner}/{repo}/installation', ...api },
  {
    operation: 'GET /repos/{owner}/{repo}/issues',
    file: writes,
    test: 'the look for issues walks every page and leaves pull requests and older ones out',
  },
  {
    operation: 'GET /repos/{owner}/{repo}/issues/{issue_number}',
    file: rerun,
    test: 'a rerun does in each repository what the state of its pull request asks for',
  },
  { operation: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments', ...comments },
  {
    operation: 'GET /repos/{owner}/{repo}/pulls',
    file: rerun,
    test: 'a rerun does in each repository what the state of its pull request asks for',
  },
  { operation: 'GET /users/{username}', file: dispatch, test: "by a listed bot runs with its person's permissions" },
  { operation: 'PATCH /repos/{owner}/{repo}/git/refs/{ref}', ...byApi },
  { operation: 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', ...comments },
  { operation: 'PATCH /repos/{owner}/{repo}/issues/{issue_number}', ...fleet },
  {
    operation: 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
    file: rerun,
    test: 'a rerun does in each repository what the state of its pull request asks for',
  },
  {
    operation: 'POST /app-manifests/{code}/conversions',
    file: 'test/main.test.ts',
    test: 'the form of the setup page and the way back from GitHub write the .env of a new app, and SIGTERM ends it',
  },
  { operation: 'POST /app/hook/deliveries/{delivery_id}/attempts', ...missed },
  { operation: 'POST /app/installations/{installation_id}/access_tokens', ...fleet },
  { operation: 'POST /applications/{client_id}/token', ...api },
  { operation: 'POST /graphql', ...fleet },
  {
    operation: 'POST /repos/{owner}/{repo}/git/blobs',
    file: commitFiles,
    test: 'a new branch gets one commit on the frozen base, unsigned by us, and no pull request',
  },
  { operation: 'POST /repos/{owner}/{repo}/git/commits', ...byApi },
  { operation: 'POST /repos/{owner}/{repo}/git/refs', ...byApi },
  { operation: 'POST /repos/{owner}/{repo}/git/trees', ...byApi },
  { operation: 'POST /repos/{owner}/{repo}/issues', ...fleet },
  { operation: 'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', ...fleet },
  { operation: 'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees', ...details },
  { operation: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments', ...fleet },
  { operation: 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels', ...details },
  { operation: 'POST /repos/{owner}/{repo}/pulls', ...fleet },
  { operation: 'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', ...details },
];

const LIST = 'test/contract/permissions/app-operations.ts';

/** What the app used and the list does not know. */
export function unlistedFaults(used: Iterable<string>): string[] {
  return [...used]
    .filter((operation) => !appOperations.some((one) => one.operation === operation))
    .map(
      (operation) =>
        `The app uses ${operation}, which ${LIST} does not list: add it with this test, then run \`npm run contract:report\`.`,
    );
}

/**
 * What the list says of a test and the test did not do.
 * @param file as in the list
 * @param used operations that the app used in that test
 */
export function missedFaults(file: string, test: string, used: ReadonlySet<string>): string[] {
  return appOperations
    .filter((one) => one.file === file && one.test === test && !used.has(one.operation))
    .map(
      ({ operation }) =>
        `${LIST} says that the app uses ${operation} in this test, and it no longer does: name another test, or take the line out.`,
    );
}
