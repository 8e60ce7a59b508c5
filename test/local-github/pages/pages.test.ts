import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { branchTip } from '../../../src/local-github/git/refs.ts';
import { type LocalGitHub, startLocalGitHub } from '../../../src/local-github/server.ts';

let folder: string;
let github: LocalGitHub;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pages-'));
  github = await startLocalGitHub({ dataDir: folder });
  await github.seed({
    users: [
      { login: 'mona', token: 'mona-token' },
      { login: 'outsider', token: 'outsider-token' },
    ],
    organizations: [
      {
        login: 'acme',
        members: ['mona'],
        default_repository_permission: 'write',
        repositories: [
          {
            name: 'api',
            description: 'The <public> API',
            topics: ['platform-my-app'],
            files: { 'README.md': '# Welcome\n\nRead **me**.\n', 'src/index.js': 'export const a = 1;\n' },
            issues: [{ title: 'Title <b>bold</b>', body: 'The *body*', user: 'mona' }],
          },
          { name: 'old', archived: true, files: { 'README.md': 'old\n' }, issues: [{ title: 'Old' }] },
        ],
      },
    ],
  });
  const main = z
    .object({ object: z.object({ sha: z.string() }) })
    .parse(await rest('GET', '/repos/acme/api/git/ref/heads/main'));
  await rest('POST', '/repos/acme/api/git/refs', { ref: 'refs/heads/fleet/bump', sha: main.object.sha });
  const file = z.object({ sha: z.string() }).parse(await rest('GET', '/repos/acme/api/contents/src/index.js'));
  await rest('PUT', '/repos/acme/api/contents/src/index.js', {
    message: 'Bump it',
    content: Buffer.from('export const a = "<2>";\n').toString('base64'),
    branch: 'fleet/bump',
    sha: file.sha,
  });
  await rest('POST', '/repos/acme/api/pulls', { title: 'Bump', head: 'fleet/bump', base: 'main', body: 'For #1' });
  await rest('POST', '/repos/acme/api/issues/1/reactions', { content: 'eyes' });
});

afterAll(async () => {
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

async function rest(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${github.url}/api/v3${path}`, {
    method,
    headers: { authorization: 'token mona-token', 'user-agent': 'test', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return response.json();
}

async function read(path: string, status = 200): Promise<string> {
  const response = await fetch(github.url + path);
  expect(response.status).toBe(status);
  return response.text();
}

function post(path: string, fields: Record<string, string>, headers: Record<string, string>): Promise<Response> {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams(fields).toString();
  return fetch(github.url + path, { method: 'POST', headers: { ...type, ...headers }, body, redirect: 'manual' });
}

/** Only origin and site, as any program can send them. */
const ownOrigin = () => ({ origin: github.url, 'sec-fetch-site': 'same-origin' });

/** What a browser has after it has read a page: the form's token and the cookie. */
async function readForm(): Promise<{ token: string; cookie: string }> {
  const page = await fetch(`${github.url}/acme/api/issues/1`);
  const token = /<input type="hidden" name="token" value="([\w-]+)">/.exec(await page.text())?.[1];
  const cookie = page.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
  return { token: token ?? '', cookie: cookie.split(';')[0] ?? '' };
}

/** Comments as a person does in the box. */
async function comment(path: string, fields: Record<string, string>): Promise<Response> {
  const { token, cookie } = await readForm();
  return post(path, { ...fields, token }, { ...ownOrigin(), cookie });
}

test('the first page lists organizations with their repositories and counts', async () => {
  const text = await read('/');
  expect(text).toContain('href="/acme/api"');
  expect(text).toContain('The &lt;public&gt; API');
  expect(text).toContain('<span class="topic">platform-my-app</span>');
  expect(text).toContain('<span class="fact archived">archived</span>');
  expect(text).toContain('1 pull request<');
});

test('a repository shows its files, its branches and its readme', async () => {
  const text = await read('/acme/api');
  expect(text).toContain('<h1>Welcome</h1>');
  expect(text).toContain('<strong>me</strong>');
  expect(text).toContain('/acme/api/tree/fleet/bump');
  const file = /href="(\/acme\/api\/blob\/[0-9a-f]{40}\/src)"/.exec(text)?.[1] ?? '';
  expect(await read(`${file}/index.js`)).toContain('export const a = 1;');
  expect(await read('/acme/api/tree/fleet/bump')).toContain('Bump it');
  await read('/acme/api/tree/none', 404);
});

test('an issue shows its rendered body, its state and its reactions, and its title is only text', async () => {
  const text = await read('/acme/api/issues/1');
  expect(text).toContain('<em>body</em>');
  expect(text).toContain('<span class="state open">Open</span>');
  expect(text).toContain('👀 1');
  expect(text).toContain('Title &lt;b&gt;bold&lt;/b&gt;');
});

test('a pull request shows its branches, its commits and its difference', async () => {
  const text = await read('/acme/api/pull/2');
  expect(text).toContain('<span class="branch">main</span> from <span class="branch">fleet/bump</span>');
  expect(text).toContain('Bump it');
  expect(text).toMatch(/<tr class="removed">.*<td>export const a = 1;<\/td><\/tr>/);
  expect(text).toMatch(/<tr class="added">.*<td>export const a = &quot;&lt;2&gt;&quot;;<\/td><\/tr>/);
  expect(text).toContain('<a href="/acme/api/issues/1">#1</a>');
  const wrongKind = await fetch(`${github.url}/acme/api/issues/2`, { redirect: 'manual' });
  expect(wrongKind.headers.get('location')).toBe('/acme/api/pull/2');
});

test('pull requests of all repositories stand together by branch', async () => {
  const text = await read('/pulls');
  expect(text).toMatch(/<span class="branch">fleet\/bump<\/span>.*1 pull request: 1 open/);
  expect(text).toContain('href="/acme/api/pull/2"');
});

test('a comment posted from the page is stored as written and shown; a script in it is inert', async () => {
  const body = '/fleet help\r\n<script>alert(1)</script>';
  const answer = await comment('/acme/api/issues/1/comments', { as: 'mona', body });
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toMatch(/^\/acme\/api\/issues\/1#issuecomment-\d+$/);
  expect(await rest('GET', '/repos/acme/api/issues/1/comments')).toMatchObject([
    { body: body.replace('\r', ''), user: { login: 'mona' }, performed_via_github_app: null },
  ]);
  const text = await read('/acme/api/issues/1');
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(text).not.toContain('<script');
});

test('a box in the body of an issue is clicked by its author or a writer, on the text that they saw', async () => {
  const body = 'Do:\n\n- [ ] one <!-- hidden -->\n- [x] two\n';
  await rest('POST', '/repos/acme/api/issues', { title: 'Tasks', body });
  const path = `/acme/api/issues/${github.context.state.issues.find(({ title }) => title === 'Tasks')?.number}`;
  const stored = () => github.context.state.issues.find(({ title }) => title === 'Tasks')?.body;
  const page = async () => {
    const text = await read(path);
    const version = /name="version" value="([0-9a-f]{64})"/.exec(text)?.[1] ?? '';
    const boxes = [...text.matchAll(/name="line" value="(\d+)" role="checkbox" aria-checked="(\w+)"/g)];
    return { version, boxes: boxes.map(([, line, ticked]) => [line, ticked]) };
  };
  const { version, boxes } = await page();
  expect(boxes).toEqual([
    ['2', 'false'],
    ['3', 'true'],
  ]);
  const click = async (fields: Record<string, string>) => {
    const answer = await comment(`${path}/tasks`, { as: 'mona', version, line: '2', ...fields });
    return answer.status;
  };
  expect(await click({ as: 'outsider' }), 'can only read').toBe(422);
  expect(await click({ line: '0' }), 'no box').toBe(422);
  expect(await click({ version: '0' })).toBe(422);
  expect(stored()).toBe(body);
  expect(await click({})).toBe(303);
  expect(stored()).toBe(body.replace('[ ]', '[x]'));
  expect(await click({ line: '3' }), 'the text was changed since').toBe(422);
  expect(await click({ line: '3', version: (await page()).version })).toBe(303);
  expect(stored()).toBe(body.replace('[ ]', '[x]').replace('- [x] two', '- [ ] two'));
  const { token, cookie } = await readForm();
  const foreign = await post(
    `${path}/tasks`,
    { as: 'mona', version, line: '2', token },
    { cookie, origin: 'http://evil.test' },
  );
  expect(foreign.status).toBe(403);
});

test('boxes in comments and on other pages show their state alone', async () => {
  await rest('POST', '/repos/acme/api/issues/1/comments', { body: '- [ ] later' });
  const text = await read('/acme/api/issues/1');
  expect(text).toContain('<input type="checkbox" disabled="">later');
  expect(text).not.toContain('class="task-box"');
});

test('a comment from another site, or from no page at all, is refused', async () => {
  const before = github.context.state.comments.all().length;
  const { token, cookie } = await readForm();
  const fields = { as: 'mona', body: '/fleet help', token };
  for (const origin of [
    {},
    { origin: 'http://evil.test' },
    { origin: 'null' },
    { origin: github.url, 'sec-fetch-site': 'cross-site' },
    { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' },
  ]) {
    const headers = { cookie, ...origin };
    expect((await post('/acme/api/issues/1/comments', fields, headers)).status, JSON.stringify(headers)).toBe(403);
  }
  expect(github.context.state.comments.all()).toHaveLength(before);
});

test('a comment by a program that only makes up the origin, or was on a page before the restart, is refused', async () => {
  const before = github.context.state.comments.all().length;
  const { token, cookie } = await readForm();
  const secret = cookie.split('=')[1] ?? '';
  for (const [given, headers] of [
    [{}, {}],
    [{ token }, {}],
    [{}, { cookie }],
    [{ token: 'A'.repeat(token.length) }, { cookie }],
    [{ token: secret }, { cookie }],
    [{ token }, { cookie: cookie.replace(secret, token) }],
  ] as const) {
    const fields = { as: 'mona', body: '/fleet help', ...given };
    const answer = await post('/acme/api/issues/1/comments', fields, { ...ownOrigin(), ...headers });
    expect(answer.status, JSON.stringify([given, headers])).toBe(403);
    expect(await answer.text()).toContain('Reload the page');
  }
  expect(github.context.state.comments.all()).toHaveLength(before);
});

test('of a large file the first 64 KiB are shown, and a note says so', async () => {
  const text = `first\n${'x'.repeat(70_000)}\nlast\n`;
  const content = Buffer.from(text).toString('base64');
  await rest('PUT', '/repos/acme/api/contents/BIG', { message: 'Big', content, branch: 'fleet/bump' });
  const file = await fetch(`${github.url}/acme/api/blob/main/README.md`);
  expect(await file.text()).not.toContain('The first 64 KiB');
  const refs = github.context.state.gitDirectory(
    github.context.state.repositories.find(({ name }) => name === 'api')?.id ?? 0,
  );
  const sha = await branchTip(refs, 'fleet/bump');
  const page = await read(`/acme/api/blob/${sha}/BIG`);
  expect(page).toContain(`The first 64 KiB of ${text.length} bytes.`);
  expect(page).toContain('<td>first</td>');
  expect(page).not.toContain('last');
});

test('nobody comments who could not: strangers, unknown people, on archived repositories', async () => {
  const status = async (path: string, as: string) => (await comment(path, { as, body: 'x' })).status;
  expect(await status('/acme/api/issues/1/comments', 'outsider')).toBe(422);
  expect(await status('/acme/api/issues/1/comments', 'nobody')).toBe(422);
  expect(await status('/acme/old/issues/1/comments', 'mona')).toBe(403);
});

test('every page forbids scripts, frames and foreign sources', async () => {
  for (const path of ['/', '/pulls', '/acme/api', '/acme/api/issues', '/acme/api/pulls', '/nobody']) {
    const response = await fetch(github.url + path);
    expect(response.headers.get('content-security-policy'), path).toMatch(/^default-src 'none'; style-src 'self'/);
    expect(await response.text(), path).not.toMatch(/<script| style=| on\w+=/);
  }
});

test('what is not there is a page that says so', async () => {
  for (const path of ['/nobody', '/acme/none', '/acme/api/issues/99', '/acme/api/issues/x', '/acme/api/commit/zzz']) {
    expect(await read(path, 404)).toContain('There is nothing here.');
  }
});
