import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { givenGitHub, repositories, type World } from './given-github.ts';

let world: World;

beforeAll(async () => {
  world = await givenGitHub([
    {
      login: 'acme',
      repositories: [
        ...repositories('alpha', 'beta', 'gamma', 'limits', 'renaming', 'deleting', 'late'),
        { name: 'quiet', has_issues: false, files: { a: 'a' }, collaborators: { octocat: 'admin' } },
        { name: 'old', archived: true, files: { a: 'a' }, collaborators: { octocat: 'admin' } },
        { name: 'hollow', collaborators: { octocat: 'admin' } },
      ],
    },
  ]);
});
afterAll(() => world.close());

const issues = '/repos/acme/alpha/issues';

test('unknown fields, missing fields and wrong types are 422 with their names', async () => {
  const unknown = await world.api('POST', issues, { body: { title: 'x', colour: 'red' } });
  expect(unknown).toMatchObject({
    status: 422,
    json: { errors: [{ resource: 'Issue', field: 'colour', code: 'invalid' }] },
  });
  const missing = await world.api('POST', issues, { body: {} });
  expect(missing).toMatchObject({ status: 422, json: { errors: [{ field: 'title', code: 'missing_field' }] } });
  const wrong = await world.api('POST', issues, { body: { title: 3 } });
  expect(wrong).toMatchObject({ status: 422, json: { errors: [{ field: 'title', code: 'invalid' }] } });
  const query = await world.api('GET', `${issues}?stat=all`);
  expect(query).toMatchObject({ status: 422, json: { errors: [{ field: 'stat' }] } });
  expect((await world.api('POST', issues, { body: '{"title":' })).json).toMatchObject({
    message: 'Problems parsing JSON',
  });
});

test('texts beyond the limits are 422', async () => {
  const body = 'x'.repeat(65_536);
  expect((await world.api('POST', `${issues}/1/comments`, { body: { body } })).status).toBe(201);
  const longer = await world.api('POST', `${issues}/1/comments`, { body: { body: `${body}x` } });
  expect(longer).toMatchObject({
    status: 422,
    json: { errors: [{ message: 'body is too long (maximum is 65536 characters)' }] },
  });
  expect((await world.api('POST', issues, { body: { title: 't'.repeat(257) } })).status).toBe(422);
});

test('lists come in pages with links to the others', async () => {
  const path = '/repos/acme/beta/issues';
  for (let count = 2; count <= 5; count += 1) await world.api('POST', path, { body: { title: `t${count}` } });
  const first = await world.api('GET', `${path}?per_page=2&state=all&direction=asc`);
  expect(first.json).toMatchObject([{ number: 1 }, { number: 2 }]);
  const link = first.headers.get('link') ?? '';
  expect(link).toMatch(/page=2>; rel="next"/);
  expect(link).toMatch(/page=3>; rel="last"/);
  const next = /<([^>]+)>; rel="next"/.exec(link)?.[1] ?? '';
  expect((await world.api('GET', next.replace(`${world.github.url}/api/v3`, ''))).json).toMatchObject([
    { number: 3 },
    { number: 4 },
  ]);
  const last = await world.api('GET', `${path}?per_page=2&page=3`);
  expect(last.json).toHaveLength(1);
  expect(last.headers.get('link')).not.toContain('rel="next"');
});

test('an unchanged answer is 304 and costs nothing', async () => {
  const first = await world.api('GET', '/repos/acme/gamma');
  const tag = first.headers.get('etag') ?? '';
  const again = await world.api('GET', '/repos/acme/gamma', { headers: { 'if-none-match': tag } });
  expect(again).toMatchObject({ status: 304, text: '' });
  expect(again.headers.get('x-ratelimit-remaining')).toBe(first.headers.get('x-ratelimit-remaining'));
  await world.api('PATCH', '/repos/acme/gamma', { body: { description: 'new' } });
  expect((await world.api('GET', '/repos/acme/gamma', { headers: { 'if-none-match': tag } })).status).toBe(200);
});

test('an app writes as its bot', async () => {
  const token = await world.installationToken();
  const made = await world.api('POST', issues, { token, body: { title: 'By the app', labels: ['fleet'] } });
  expect(made).toMatchObject({
    status: 201,
    json: {
      user: { login: 'flotilla[bot]', type: 'Bot' },
      performed_via_github_app: { slug: 'flotilla' },
      labels: [{ name: 'fleet' }],
    },
  });
  expect((await world.api('GET', '/users/flotilla%5Bbot%5D')).json).toMatchObject({ type: 'Bot' });
});

test('an issue takes one assignee in the form of old', async () => {
  const made = await world.api('POST', issues, { body: { title: 't', assignee: 'octocat' } });
  expect(made.json).toMatchObject({ assignees: [{ login: 'octocat' }] });
  const nobody = await world.api('PATCH', `${issues}/${Object(made.json).number}`, { body: { assignee: null } });
  expect(nobody.json).toMatchObject({ assignees: [] });
});

test('a reaction given twice is the same one', async () => {
  const path = `${issues}/1/reactions`;
  const first = await world.api('POST', path, { body: { content: 'eyes' } });
  const second = await world.api('POST', path, { body: { content: 'eyes' } });
  expect([first.status, second.status]).toEqual([201, 200]);
  expect(second.json).toEqual(first.json);
  expect((await world.api('GET', `${issues}/1`)).json).toMatchObject({ reactions: { eyes: 1, total_count: 1 } });
});

test('disabled issues are 410, archived repositories read-only, empty ones 409', async () => {
  const body = { title: 'x' };
  expect((await world.api('POST', '/repos/acme/quiet/issues', { body })).status).toBe(410);
  expect(await world.api('POST', '/repos/acme/old/issues', { body })).toMatchObject({
    status: 403,
    json: { message: 'Repository was archived so is read-only.' },
  });
  expect((await world.api('GET', '/repos/acme/hollow/commits')).status).toBe(409);
  expect((await world.api('GET', '/repos/acme/hollow/contents/a')).status).toBe(404);
  expect(
    (await world.api('PUT', '/repos/acme/hollow/contents/a', { body: { message: 'm', content: 'YQ==' } })).status,
  ).toBe(201);
});

test('files are read as object, raw and listing, and written against their sha', async () => {
  const path = '/repos/acme/alpha/contents/src/a.txt';
  const read = await world.api('GET', path);
  expect(read.json).toMatchObject({ type: 'file', encoding: 'base64', content: 'b25lCg==\n' });
  expect((await world.api('GET', path, { headers: { accept: 'application/vnd.github.raw+json' } })).text).toBe('one\n');
  expect((await world.api('GET', '/repos/acme/alpha/contents/src')).json).toMatchObject([
    { path: 'src/a.txt', type: 'file' },
  ]);
  const body = { message: 'm', content: 'dHdv' };
  expect((await world.api('PUT', path, { body })).status).toBe(422);
  expect((await world.api('PUT', path, { body: { ...body, sha: '0'.repeat(40) } })).status).toBe(409);
  expect((await world.api('PUT', path, { body: { ...body, sha: Object(read.json).sha } })).status).toBe(200);
});

test('refs move forward only, unless forced', async () => {
  const base = '/repos/acme/alpha/git';
  const head = Object((await world.api('GET', `${base}/ref/heads/main`)).json).object.sha;
  const tree = await world.api('POST', `${base}/trees`, {
    body: { base_tree: head, tree: [{ path: 'b', mode: '100755', type: 'blob', content: 'b' }] },
  });
  const commit = await world.api('POST', `${base}/commits`, {
    body: { message: 'c', tree: Object(tree.json).sha, parents: [head] },
  });
  expect(commit.json).toMatchObject({ verification: { verified: true } });
  const sha = Object(commit.json).sha;
  const create = { body: { ref: 'refs/heads/topic/x', sha } };
  expect((await world.api('POST', `${base}/refs`, create)).status).toBe(201);
  expect(await world.api('POST', `${base}/refs`, create)).toMatchObject({
    status: 422,
    json: { message: 'Reference already exists' },
  });
  const back = await world.api('PATCH', `${base}/refs/heads/topic/x`, { body: { sha: head } });
  expect(back).toMatchObject({ status: 422, json: { message: 'Update is not a fast forward' } });
  expect((await world.api('PATCH', `${base}/refs/heads/topic/x`, { body: { sha: head, force: true } })).status).toBe(
    200,
  );
  expect((await world.api('DELETE', `${base}/refs/heads/topic/x`)).status).toBe(204);
  expect((await world.api('DELETE', `${base}/refs/heads/topic/x`)).status).toBe(422);
});

test('a renamed repository is reached by its former name through a redirect', async () => {
  expect((await world.api('PATCH', '/repos/acme/renaming', { body: { name: 'renamed' } })).status).toBe(200);
  const moved = await world.api('GET', '/repos/acme/renaming/issues?state=all');
  expect(moved.status).toBe(301);
  const location = moved.headers.get('location') ?? '';
  expect(location).toMatch(/\/api\/v3\/repositories\/\d+\/issues\?state=all$/);
  const followed = await world.api('GET', location.slice(`${world.github.url}/api/v3`.length));
  expect(followed).toMatchObject({ status: 200, json: [{ title: 'First' }] });
  expect(await world.git('ls-remote', world.remote('acme/renaming', 'octocat'), 'HEAD')).toMatch(/HEAD$/);
});

test('a deleted repository is gone with its git, and strangers delete none', async () => {
  const deleting = (token?: string) =>
    world.api('DELETE', '/repos/acme/deleting', token === undefined ? {} : { token });
  expect((await deleting('onlooker')).status).toBe(404);
  expect((await deleting()).status).toBe(204);
  expect((await world.api('GET', '/repos/acme/deleting/issues/1')).status).toBe(404);
  await expect(world.git('ls-remote', world.remote('acme/deleting', 'octocat'))).rejects.toThrow('not found');
});

test('requests are logged by route, with body, status and actor', async () => {
  world.github.requests.clear();
  await world.api('POST', `${issues}/1/comments`, { body: { body: 'logged' } });
  expect(world.github.requests.all('POST /repos/{owner}/{repo}/issues/{issue_number}/comments')).toMatchObject([
    { path: `/api/v3${issues}/1/comments`, body: { body: 'logged' }, status: 201, actor: 'octocat' },
  ]);
  expect(world.github.requests.count(({ method }) => method === 'GET')).toBe(0);
});

test('failures come before or after the effect, as scripted', async () => {
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const path = '/repos/acme/limits/issues/1/comments';
  const post = (body: string) => world.api('POST', path, { body: { body } });
  world.github.failures.next({ route, mode: 'before' });
  world.github.failures.next({ route, mode: 'after' });
  world.github.failures.next({ route, mode: 'status', status: 403, headers: { 'retry-after': '7' } });
  world.github.failures.next({ route, mode: 'reset' });
  expect((await post('one')).status).toBe(502);
  expect((await post('two')).status).toBe(502);
  const limited = await post('three');
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([403, '7']);
  await expect(post('four')).rejects.toThrow();
  expect((await post('five')).status).toBe(201);
  const found = await world.api('GET', path);
  expect(found.json).toMatchObject([{ body: 'two' }, { body: 'four' }, { body: 'five' }]);
});

test('what is cut off lands later, what is held is answered then, and a list can lack its newest', async () => {
  const { failures } = world.github;
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const path = '/repos/acme/late/issues/1/comments';
  const post = (body: string) => world.api('POST', path, { body: { body } });
  const bodies = async () => z.array(z.object({ body: z.string() })).parse((await world.api('GET', path)).json);
  failures.next({ route, mode: 'later' });
  await expect(post('one')).rejects.toThrow();
  expect(await bodies()).toEqual([]);
  failures.next({ route, mode: 'held' });
  const held = post('two');
  await expect.poll(() => failures.holding).toBe(2);
  await failures.land();
  expect((await held).status).toBe(201);
  expect(await bodies()).toEqual([{ body: 'one' }, { body: 'two' }]);
  failures.next({ route: route.replace('POST', 'GET'), mode: 'stale' });
  expect(await bodies()).toEqual([{ body: 'one' }]);
  expect(await bodies()).toHaveLength(2);
  // A long list too.
  for (const letter of ['a', 'b']) await post(letter.repeat(40_000));
  failures.next({ route: route.replace('POST', 'GET'), mode: 'stale' });
  expect(await bodies()).toHaveLength(3);
  expect(await bodies()).toHaveLength(4);
});

test('in bad weather the same requests fail in the same ways by the same seed', async () => {
  const { failures } = world.github;
  const statuses = async (seed: number) => {
    failures.weather({ seed, share: 0.4, now: Date.now, of: ({ path }) => path.includes('/acme/late') });
    const headers = { authorization: 'Bearer octocat' };
    const ask = () =>
      // Some are never answered.
      fetch(`${world.github.url}/api/v3/repos/acme/late`, { headers, signal: AbortSignal.timeout(500) }).then(
        ({ status }) => status,
        () => 0,
      );
    const answers: number[] = [];
    for (let times = 0; times < 20; times += 1) answers.push(await ask());
    return answers;
  };
  const first = await statuses(7);
  expect(new Set(first).size, 'several ways').toBeGreaterThan(2);
  expect(first).toContain(200);
  expect(await statuses(7)).toEqual(first);
  expect(await statuses(8)).not.toEqual(first);
  failures.weather(null);
  expect((await world.api('GET', '/repos/acme/late')).status).toBe(200);
});
