import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { API, api, connect, INSTALLATION, mintTokens } from './fixtures.ts';

beforeEach(() => {
  nock.disableNetConnect();
  mintTokens();
});
afterEach(() => nock.cleanAll());

const REPO = '/repos/acme/platform';
const writes = () => connect().writes(INSTALLATION);
const at = (text: string) => Date.parse(text);

test('an issue is created, edited and closed with its reason', async () => {
  const answer = { id: 9, number: 3, html_url: `${API}/acme/platform/issues/3` };
  api().post(`${REPO}/issues`, { title: 't', body: 'b' }).reply(201, answer);
  api().patch(`${REPO}/issues/3`, { state: 'closed', state_reason: 'completed' }).reply(200, answer);
  const expected = { id: 9, number: 3, url: `${API}/acme/platform/issues/3` };
  expect(await writes().createIssue('acme/platform', { title: 't', body: 'b' })).toEqual(expected);
  const closing = { state: 'closed', stateReason: 'completed' } as const;
  expect(await writes().updateIssue('acme/platform', 3, closing)).toEqual(expected);
});

test('the look for issues walks every page and leaves pull requests and older ones out', async () => {
  const one = (id: number, created_at: string, more: object = {}) => ({
    id,
    number: id,
    html_url: 'u',
    body: 'b',
    user: { id: 1 },
    created_at,
    ...more,
  });
  const query = { state: 'all', sort: 'created', direction: 'desc', since: '2026-03-01T12:00:00.000Z', per_page: 100 };
  api()
    .get(`${REPO}/issues`)
    .query(query)
    .reply(200, [one(5, '2026-03-01T12:05:00Z'), one(4, '2026-03-01T12:04:00Z', { pull_request: {} })], {
      link: `<${API}/api/v3${REPO}/issues?page=2>; rel="next"`,
    });
  api()
    .get(`${REPO}/issues`)
    .query({ page: 2 })
    .reply(200, [one(3, '2026-03-01T12:00:00Z', { user: null, body: null }), one(2, '2026-02-01T00:00:00Z')]);
  const found = await writes().issuesSince('acme/platform', at('2026-03-01T12:00:00.900Z'));
  expect(found).toEqual([
    { id: 5, number: 5, url: 'u', body: 'b', authorId: 1, createdAt: at('2026-03-01T12:05:00Z') },
    { id: 3, number: 3, url: 'u', body: '', authorId: 0, createdAt: at('2026-03-01T12:00:00Z') },
  ]);
});

test('comments are created, edited, reacted to, looked for and deleted', async () => {
  const answer = { id: 8, html_url: 'c' };
  api().post(`${REPO}/issues/3/comments`, { body: 'x' }).reply(201, answer);
  api().patch(`${REPO}/issues/comments/8`, { body: 'y' }).reply(200, answer);
  api().post(`${REPO}/issues/comments/8/reactions`, { content: 'eyes' }).reply(200, { id: 1 });
  api().delete(`${REPO}/issues/comments/8`).reply(204);
  api()
    .get(`${REPO}/issues/3/comments`)
    .query({ since: '1970-01-01T00:00:00.000Z', per_page: 100 })
    .reply(200, [{ ...answer, body: 'y', user: { id: 1 }, created_at: '2026-03-01T12:00:00Z' }]);
  expect(await writes().createComment('acme/platform', 3, 'x')).toEqual({ id: 8, url: 'c' });
  expect(await writes().updateComment('acme/platform', 8, 'y')).toEqual({ id: 8, url: 'c' });
  await writes().addReaction('acme/platform', 8, 'eyes');
  expect(await writes().commentsSince('acme/platform', 3, 0)).toEqual([
    { id: 8, number: 3, url: 'c', body: 'y', authorId: 1, createdAt: at('2026-03-01T12:00:00Z') },
  ]);
  await writes().deleteComment('acme/platform', 8);
});

test('a comment that is gone counts as deleted, and one that may not be deleted does not', async () => {
  api().delete(`${REPO}/issues/comments/8`).reply(404, { message: 'Not Found' });
  await writes().deleteComment('acme/platform', 8);
  api().delete(`${REPO}/issues/comments/8`).reply(403, { message: 'Must have admin rights' });
  await expect(writes().deleteComment('acme/platform', 8)).rejects.toMatchObject({ kind: 'refused', status: 403 });
});

test('pull requests of a branch come newest first, and only a closed unmerged one asks who closed it', async () => {
  const pull = (number: number, more: object) => ({
    number,
    html_url: `p${number}`,
    state: 'closed',
    merged_at: null,
    head: { ref: 'fleet/bump', sha: `sha${number}`, repo: { id: 10 } },
    base: { ref: 'main' },
    title: 't',
    body: null,
    created_at: '2026-03-01T12:00:00Z',
    ...more,
  });
  api()
    .get(`${REPO}/pulls`)
    .query({ head: 'acme:fleet/bump', state: 'all', sort: 'created', direction: 'desc', per_page: 100 })
    .reply(200, [
      pull(1, { merged_at: '2026-03-02T00:00:00Z' }),
      pull(3, { state: 'open' }),
      pull(2, {}),
      pull(4, { head: { ref: 'other', sha: 's', repo: null } }),
    ]);
  api()
    .get(`${REPO}/issues/2`)
    .reply(200, { closed_by: { login: 'ada', type: 'User' } });
  const found = await writes().pullRequests('acme/platform', 'fleet/bump');
  expect(found.map(({ number, state, merged, closedBy }) => [number, state, merged, closedBy])).toEqual([
    [3, 'open', false, null],
    [2, 'closed', false, { login: 'ada', type: 'User' }],
    [1, 'closed', true, null],
  ]);
  expect(found[0]).toMatchObject({ headRepositoryId: 10, headSha: 'sha3', base: 'main', body: '' });
});

test('a pull request is opened, edited and given labels, assignees and reviewers', async () => {
  const pull = { title: 't', body: 'b', head: 'fleet/bump', base: 'main', draft: true };
  api().post(`${REPO}/pulls`, pull).reply(201, { number: 4, html_url: 'p' });
  api().patch(`${REPO}/pulls/4`, { title: 'u' }).reply(200, {});
  api()
    .post(`${REPO}/issues/4/labels`, { labels: ['deps'] })
    .reply(200, []);
  api()
    .post(`${REPO}/issues/4/assignees`, { assignees: ['ada'] })
    .reply(201, {});
  const asked = { reviewers: ['ada'], team_reviewers: ['platform'] };
  api().post(`${REPO}/pulls/4/requested_reviewers`, asked).reply(201, {});
  expect(await writes().createPullRequest('acme/platform', pull)).toEqual({ number: 4, url: 'p' });
  await writes().updatePullRequest('acme/platform', 4, { title: 'u' });
  await writes().addLabels('acme/platform', 4, ['deps']);
  await writes().addAssignees('acme/platform', 4, ['ada']);
  await writes().requestReviewers('acme/platform', 4, ['ada', 'team:platform']);
});

test('a branch is looked for and deleted, and one that is gone counts as deleted', async () => {
  const ref = `${REPO}/git/refs/heads%2Ffleet%2Fbump`;
  api().get(`${REPO}/git/ref/heads%2Fgone`).reply(404, { message: 'Not Found' });
  api()
    .get(`${REPO}/git/ref/heads%2Ffleet%2Fbump`)
    .reply(200, { object: { sha: 'abc' } });
  api().delete(ref).reply(204);
  api().delete(ref).reply(422, { message: 'Reference does not exist' });
  api().delete(ref).reply(403, { message: 'Resource not accessible by integration' });
  expect(await writes().branchHead('acme/platform', 'gone')).toBeUndefined();
  expect(await writes().branchHead('acme/platform', 'fleet/bump')).toBe('abc');
  await writes().deleteBranch('acme/platform', 'fleet/bump');
  await writes().deleteBranch('acme/platform', 'fleet/bump');
  await expect(writes().deleteBranch('acme/platform', 'fleet/bump')).rejects.toMatchObject({ status: 403 });
});
