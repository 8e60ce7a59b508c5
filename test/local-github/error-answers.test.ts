import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EXCHANGE_CHANNEL, type Exchange } from '../../src/local-github/exchanges.ts';
import { beginWalk, type Walk, withNumber, withObject, withSha } from './every-operation/walk.ts';

/** What is refused is compared with GitHub's contract as well: status and shape of the body. */
let walk: Walk;
/** For paths and bodies, by name. */
const known: Record<string, string | number> = {};

const api = '/repos/acme/alpha';
const nowhere = '0'.repeat(40);
const file = { message: 'm', content: 'YQ==' };
const blob = { path: 'a', mode: '100644', content: 'a' };
const commit = { message: 'm', tree: '{tree}' };
const mona = { name: 'Mona', email: 'mona@example.com' };

beforeAll(async () => {
  walk = await beginWalk();
  const { ask, app, world } = walk;
  const head = withObject.parse(await ask(200, 'GET', `${api}/git/ref/heads/main`)).object.sha;
  const tree = withSha.parse(await ask(200, 'GET', `${api}/git/trees/main`)).sha;
  const readme = withSha.parse(await ask(200, 'GET', `${api}/contents/README.md`)).sha;
  const body = { message: 'Next', tree, parents: [head] };
  const next = withSha.parse(await ask(201, 'POST', `${api}/git/commits`, { body })).sha;
  for (const branch of ['draft', 'shut', 'moved']) {
    await ask(201, 'POST', `${api}/git/refs`, { body: { ref: `refs/heads/${branch}`, sha: next } });
    const pull = { title: branch, head: branch, base: 'main', draft: branch === 'draft' };
    const { number } = withNumber.parse(await ask(201, 'POST', `${api}/pulls`, { token: app, body: pull }));
    known[branch] = number;
  }
  await ask(200, 'PATCH', `${api}/pulls/${known.shut}`, { body: { state: 'closed' } });
  await ask(204, 'DELETE', `${api}/git/refs/heads/shut`);
  for (const ref of ['release', 'same']) {
    await ask(201, 'POST', `${api}/git/refs`, { body: { ref: `refs/heads/${ref}`, sha: head } });
  }
  const gone = withNumber.parse(await ask(201, 'POST', `${api}/issues`, { body: { title: 'Gone' } })).number;
  world.github.deleteIssue({ repository: 'acme/alpha', number: gone, by: 'octocat' });
  Object.assign(known, { head, tree, readme, next, gone });
});
afterAll(() => walk.close());

type Row = [status: number, method: string, path: string, sent?: { as?: string; body?: unknown }];

/** `{name}` stands for what is known by that name, in paths and in bodies. */
const filled = (text: string): string => text.replace(/\{(\w+)\}/g, (all, name: string) => String(known[name] ?? all));

function refuses(rows: readonly Row[]): void {
  for (const [status, method, path, { as = 'octocat', body } = {}] of rows) {
    const written = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const shown = [
      `${method} ${path}`,
      `by ${as === '' ? 'nobody' : as}`,
      ...(written?.slice(0, 60).split('\n') ?? []),
    ];
    test(`${status} to ${shown.join(' ')}`, async () => {
      const token = as === 'app' ? walk.app : as === 'jwt' ? walk.jwt : as;
      const sent = written === undefined ? {} : { body: filled(written) };
      await walk.ask(status, method, filled(path), { token, ...sent });
    });
  }
}

describe('who asks', () => {
  refuses([
    [401, 'GET', '/app', { as: 'app' }],
    [401, 'GET', '/app', { as: 'a.b.c' }],
    [401, 'GET', '/user', { as: '' }],
    [401, 'GET', '/repos/acme/open', { as: 'wrong' }],
    [401, 'POST', '/repos/acme/open/issues', { as: '', body: { title: 't' } }],
    [401, 'GET', '/installation/repositories', { as: '' }],
    [403, 'GET', '/installation/repositories'],
    [403, 'GET', '/user', { as: 'app' }],
    [403, 'GET', api, { as: 'jwt' }],
    [403, 'PATCH', '/repos/acme/open/issues/1', { as: 'onlooker', body: { title: 't' } }],
    [403, 'POST', '/repos/acme/old/issues', { body: { title: 't' } }],
    [403, 'PATCH', '/repos/acme/old', { body: { description: 'd' } }],
    [404, 'GET', api, { as: '' }],
    [404, 'PUT', '/repos/acme/open/contents/x', { as: 'onlooker', body: file }],
    [404, 'PATCH', '/repos/octocat/alpha', { as: 'onlooker', body: { archived: true } }],
  ]);
});

describe('what is not there', () => {
  refuses([
    [404, 'GET', '/nothing/here'],
    [404, 'GET', '/users/nobody'],
    [404, 'GET', '/app/installations/999', { as: 'jwt' }],
    [404, 'POST', '/app/installations/999/access_tokens', { as: 'jwt' }],
    [404, 'GET', '/orgs/nobody/installation', { as: 'jwt' }],
    [404, 'GET', '/users/nobody/installation', { as: 'jwt' }],
    [404, 'GET', '/repos/acme/nothing/installation', { as: 'jwt' }],
    [404, 'GET', '/app/hook/deliveries/999', { as: 'jwt' }],
    [404, 'POST', '/app/hook/deliveries/999/attempts', { as: 'jwt' }],
    [404, 'POST', '/app-manifests/never/conversions', { as: '' }],
    [404, 'GET', '/repos/acme/nothing'],
    [404, 'GET', `${api}/collaborators/nobody`],
    [404, 'GET', `${api}/collaborators/nobody/permission`],
    [404, 'PUT', `${api}/collaborators/nobody`, { body: {} }],
    [404, 'GET', `${api}/branches/nothing`],
    [404, 'GET', `${api}/commits?sha=nothing`],
    [404, 'GET', `${api}/compare/main...nothing`],
    [404, 'GET', `${api}/contents/nothing`],
    [404, 'GET', `${api}/contents/README.md?ref=nothing`],
    [404, 'GET', '/repos/acme/hollow/contents/a'],
    [404, 'PUT', `${api}/contents/x`, { body: { ...file, branch: 'nothing' } }],
    [404, 'GET', `${api}/git/ref/heads/nothing`],
    [404, 'GET', `${api}/git/blobs/${nowhere}`],
    [422, 'POST', `${api}/git/blobs`, { body: { content: 'c', encoding: 'rot13' } }],
    [404, 'GET', `${api}/git/trees/${nowhere}`],
    [404, 'GET', `${api}/git/commits/${nowhere}`],
    [404, 'GET', `${api}/issues/999`],
    [404, 'GET', `${api}/issues/x`],
    [410, 'GET', `${api}/issues/{gone}`],
    [410, 'POST', `${api}/issues/{gone}/comments`, { body: { body: 'b' } }],
    [404, 'GET', `${api}/issues/comments/999`],
    [404, 'PATCH', `${api}/issues/comments/999`, { body: { body: 'b' } }],
    [404, 'DELETE', `${api}/issues/1/reactions/999`],
    [404, 'POST', `${api}/issues/comments/999/reactions`, { body: { content: 'eyes' } }],
    [404, 'GET', `${api}/labels/nothing`],
    [404, 'DELETE', `${api}/issues/1/labels/nothing`],
    [404, 'GET', `${api}/pulls/1`],
    [404, 'PUT', `${api}/pulls/1/merge`, { body: {} }],
    [404, 'GET', `${api}/pulls/{draft}/merge`],
  ]);
});

describe('what the state of things forbids', () => {
  refuses([
    [410, 'POST', '/repos/acme/quiet/issues', { body: { title: 't' } }],
    [404, 'GET', '/repos/acme/quiet/issues'],
    [409, 'GET', '/repos/acme/hollow/commits'],
    [409, 'GET', '/repos/acme/hollow/commits/main'],
    [409, 'POST', '/repos/acme/hollow/git/blobs', { body: { content: 'c' } }],
    [409, 'POST', '/repos/acme/hollow/git/trees', { body: { tree: [{ path: 'a', mode: '100644', content: 'a' }] } }],
    [409, 'POST', '/repos/acme/hollow/git/refs', { body: { ref: 'refs/heads/a', sha: nowhere } }],
    [409, 'PUT', `${api}/contents/README.md`, { body: { ...file, sha: nowhere } }],
    [409, 'DELETE', `${api}/contents/README.md`, { body: { message: 'm', sha: nowhere } }],
    [409, 'PUT', `${api}/contents/x`, { as: 'app', body: { ...file, branch: 'release' } }],
    [405, 'PUT', `${api}/pulls/{draft}/merge`, { body: {} }],
    [405, 'PUT', `${api}/pulls/{shut}/merge`, { body: {} }],
    [422, 'PUT', `${api}/pulls/{moved}/merge`, { body: { commit_title: 'a\0b' } }],
    [409, 'PUT', `${api}/pulls/{moved}/merge`, { body: { sha: nowhere } }],
    [422, 'PATCH', `${api}/pulls/{shut}`, { body: { state: 'open' } }],
    [422, 'POST', `${api}/git/refs`, { body: { ref: 'refs/heads/same', sha: '{head}' } }],
    [422, 'PATCH', `${api}/git/refs/heads/moved`, { body: { sha: '{head}' } }],
    [422, 'PATCH', `${api}/git/refs/heads/release`, { as: 'app', body: { sha: '{next}' } }],
    [422, 'PATCH', `${api}/git/refs/heads/nothing`, { body: { sha: '{head}' } }],
    [422, 'DELETE', `${api}/git/refs/heads/nothing`],
    [422, 'DELETE', `${api}/git/refs/heads/main`],
    [422, 'POST', `${api}/pulls`, { body: { title: 't', head: 'moved', base: 'main' } }],
    [422, 'POST', `${api}/pulls`, { body: { title: 't', head: 'same', base: 'main' } }],
    [422, 'PATCH', api, { body: { name: 'open' } }],
    [422, 'PATCH', api, { body: { default_branch: 'nothing' } }],
  ]);
});

describe('what is no valid request', () => {
  refuses([
    [400, 'POST', `${api}/issues`, { body: '{"title":' }],
    [422, 'POST', `${api}/issues`, { body: { title: ' ' } }],
    [422, 'POST', `${api}/issues`, { body: { title: 't', colour: 'red' } }],
    [422, 'POST', `${api}/issues`, { body: { title: 't', assignees: ['nobody'] } }],
    [422, 'GET', `${api}/issues?stat=all`],
    [422, 'PATCH', `${api}/issues/{draft}`, { body: { state_reason: 'completed' } }],
    [422, 'POST', `${api}/issues/1/comments`, { body: { body: ' ' } }],
    [422, 'POST', `${api}/issues/1/comments`, { body: { body: 'x'.repeat(65_537) } }],
    [422, 'POST', `${api}/issues/1/reactions`, { body: { content: 'shrug' } }],
    [422, 'POST', `${api}/issues/1/labels`, { body: { labels: [] } }],
    [422, 'POST', `${api}/labels`, { body: { name: 'n', color: 'red' } }],
    [422, 'POST', `${api}/pulls`, { body: { title: 't', head: 'nothing', base: 'main' } }],
    [422, 'POST', `${api}/pulls`, { body: { title: 't', head: 'stranger:main', base: 'main' } }],
    [422, 'POST', `${api}/pulls`, { body: { title: 't', head: 'moved', base: 'nothing' } }],
    [422, 'PATCH', `${api}/pulls/{draft}`, { body: { base: 'nothing' } }],
    [422, 'POST', `${api}/pulls/{draft}/requested_reviewers`, { body: { reviewers: ['nobody'] } }],
    [422, 'POST', `${api}/pulls/{draft}/requested_reviewers`, { body: { team_reviewers: ['platform'] } }],
    [422, 'GET', `${api}/commits/nothing`],
    [422, 'PUT', `${api}/contents/README.md`, { body: file }],
    [422, 'PUT', `${api}/contents/src`, { body: file }],
    [422, 'PUT', `${api}/contents/x`, { body: { ...file, content: '?' } }],
    [404, 'GET', `${api}/labels/${'x'.repeat(600)}`],
    [422, 'GET', `${api}/contents/a%00b`],
    [404, 'GET', `${api}/contents/README.md?ref=a%00b`],
    [404, 'GET', `${api}/commits?sha=a%00b`],
    [422, 'GET', `${api}/commits/a%00b`],
    [404, 'GET', `${api}/compare/main...a%00b`],
    ...['.git/x', '.GIT/x', 'a/.Git/x', '/a', 'a//b', 'a/', 'a%00b', 'git~1/x', 'README.md/x', 'README.md/x/y'].map(
      (path): Row => [422, 'PUT', `${api}/contents/${path}`, { body: file }],
    ),
    [422, 'PUT', `${api}/contents/x`, { body: { ...file, message: 'a\0b' } }],
    [422, 'PUT', `${api}/contents/x`, { body: { ...file, author: { ...mona, name: '' } } }],
    [404, 'PUT', `${api}/contents/x`, { body: { ...file, branch: 'a\0b' } }],
    [422, 'POST', `${api}/git/trees`, { body: { tree: [] } }],
    [422, 'POST', `${api}/git/trees`, { body: { tree: [{ path: 'a', mode: '100644' }] } }],
    [422, 'POST', `${api}/git/trees`, { body: { tree: [{ path: 'a', mode: '100644', sha: '{tree}' }] } }],
    [
      422,
      'POST',
      `${api}/git/trees`,
      { body: { base_tree: nowhere, tree: [{ path: 'a', mode: '100644', sha: null }] } },
    ],
    [422, 'POST', `${api}/git/trees`, { body: { base_tree: 'a\0b', tree: [blob] } }],
    [422, 'POST', `${api}/git/trees`, { body: { tree: [{ ...blob, mode: '040000' }] } }],
    [422, 'POST', `${api}/git/trees`, { body: { tree: [{ ...blob, mode: '160000' }] } }],
    [422, 'POST', `${api}/git/trees`, { body: { tree: [{ path: 'a', mode: '160000', sha: nowhere }] } }],
    [422, 'POST', `${api}/git/trees`, { body: { tree: [blob, { ...blob, content: 'b' }] } }],
    [422, 'POST', `${api}/git/trees`, { body: { tree: [blob, { ...blob, path: 'a/b/c' }] } }],
    [
      422,
      'POST',
      `${api}/git/trees`,
      { body: { base_tree: '{head}', tree: [{ path: 'src', mode: '100644', sha: null }] } },
    ],
    [422, 'POST', `${api}/git/commits`, { body: { ...commit, message: 'a\0b' } }],
    [422, 'POST', `${api}/git/commits`, { body: { ...commit, author: { ...mona, name: '' } } }],
    [422, 'POST', `${api}/git/commits`, { body: { ...commit, author: { ...mona, name: ' <.> ' } } }],
    [422, 'POST', `${api}/git/commits`, { body: { ...commit, author: { ...mona, name: 'a\0b' } } }],
    [422, 'POST', `${api}/git/commits`, { body: { ...commit, committer: { ...mona, email: 'a\0b' } } }],
    [422, 'POST', `${api}/git/commits`, { body: { ...commit, author: { ...mona, date: '1960-01-01T00:00:00Z' } } }],
    [422, 'POST', `${api}/git/commits`, { body: { message: 'm', tree: '{head}' } }],
    [422, 'POST', `${api}/git/commits`, { body: { message: 'm', tree: '{tree}', parents: ['{tree}'] } }],
    [422, 'POST', `${api}/git/refs`, { body: { ref: 'heads/x', sha: '{head}' } }],
    [422, 'POST', `${api}/git/refs`, { body: { ref: 'refs/heads/x', sha: nowhere } }],
    [422, 'POST', `${api}/git/refs`, { body: { ref: 'refs/heads/a\0b', sha: '{head}' } }],
    [422, 'POST', `${api}/git/refs`, { body: { ref: 'refs/heads/x', sha: '{tree}' } }],
    [422, 'POST', '/app-manifests/never/conversions?x=1', { as: '' }],
    [422, 'PUT', `${api}/topics`, { body: { names: ['Not a topic'] } }],
    [422, 'PUT', `${api}/collaborators/onlooker`, { body: { permission: 'king' } }],
    [422, 'POST', `${api}/dispatches`, { body: { event_type: '' } }],
    [422, 'POST', `${api}/dispatches`, { body: { event_type: 'e', client_payload: 'text' } }],
    [422, 'GET', '/app/hook/deliveries?cursor=x', { as: 'jwt' }],
  ]);

  test('a token beyond what the installation holds is 422', async () => {
    const path = `/app/installations/${walk.world.github.app.installationId}/access_tokens`;
    for (const body of [
      { permissions: { checks: 'write' } },
      { repositories: ['nothing'] },
      { repository_ids: [999] },
    ]) {
      await walk.ask(422, 'POST', path, { token: walk.jwt, body });
    }
  });
});

describe('a path that no tree can hold', () => {
  const malformed = 'tree.path contains a malformed path component';
  test.each([
    ...['', '.', '..', '../x', 'a//b', 'a/', 'a/./b', '.git', '.GIT/config', 'a/.Git/b', 'git~1/x', '\ud800'].map(
      (path): [string, string] => [path, malformed],
    ),
    ['ok\u0000100644 {readme}\tinjected', malformed],
    ['/a', 'tree.path cannot start with a slash'],
  ])('%j is refused in every mode', async (path, message) => {
    const entries = [
      { mode: '100644', content: 'a' },
      { mode: '040000', type: 'tree', sha: '{tree}' },
      { mode: '160000', type: 'commit', sha: '{head}' },
    ];
    for (const entry of entries) {
      const body = filled(JSON.stringify({ base_tree: '{tree}', tree: [{ path, ...entry }] }));
      expect(await walk.ask(422, 'POST', `${api}/git/trees`, { body })).toMatchObject({ message });
    }
  });

  test('nor can a file be removed that the base has not', async () => {
    for (const base of [{ base_tree: '{tree}' }, {}]) {
      for (const mode of ['100644', '040000', '160000']) {
        const body = filled(JSON.stringify({ ...base, tree: [{ path: 'nope', mode, sha: null }] }));
        const answer = await walk.ask(422, 'POST', `${api}/git/trees`, { body });
        expect(answer).toMatchObject({ message: 'GitRPC::BadObjectState' });
      }
    }
  });
});

describe('what never reaches a route', () => {
  const told: Exchange[] = [];
  const hear = (message: unknown): void => {
    // The runtime knows no types of messages; each channel has one publisher.
    told.push(message as Exchange);
  };
  beforeEach(() => {
    told.length = 0;
    subscribe(EXCHANGE_CHANNEL, hear);
  });
  afterEach(() => unsubscribe(EXCHANGE_CHANNEL, hear));

  test('is an address with a broken encoding, refused and told as everything else', async () => {
    const answer = await walk.ask(400, 'GET', `${api}/contents/%ff`);
    expect(answer).toEqual({
      message: expect.any(String),
      documentation_url: 'https://docs.github.com/rest',
    });
    expect(told).toMatchObject([{ template: '/repos/{owner}/{repo}/contents/{path}', status: 400 }]);
  });

  test('is a body beyond all bounds, refused and told as everything else', async () => {
    const answer = await announceBody(`${walk.world.github.url}/api/v3${api}/git/blobs`, 61 * 1024 * 1024);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      422,
      { message: 'Sorry, your input was too large to process.', documentation_url: 'https://docs.github.com/rest' },
    ]);
    expect(told).toMatchObject([{ template: '/repos/{owner}/{repo}/git/blobs', status: 422 }]);
  });
});

/** Announces a body and never sends it: the server must not wait for what it will refuse. */
function announceBody(url: string, length: number): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: 'Bearer octocat', 'user-agent': 'test', 'content-length': length };
    const asked = request(url, { method: 'POST', headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        resolve({ status: answer.statusCode, text: Buffer.concat(parts).toString() });
        asked.destroy();
      });
    });
    asked.on('error', reject);
    asked.flushHeaders();
  });
}
