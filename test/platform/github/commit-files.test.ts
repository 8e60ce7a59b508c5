import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ApiCommit, CommitFile } from '../../../src/ports/github-writes.ts';
import { api, connect, graphql, INSTALLATION, mintTokens } from './fixtures.ts';

interface Sent {
  method: string;
  path: string;
  body: unknown;
}
let sent: Sent[] = [];

beforeEach(() => {
  nock.disableNetConnect();
  mintTokens();
  sent = [];
});
afterEach(() => nock.cleanAll());

const REPO = '/repos/acme/shop';
const BASE = 'b'.repeat(40);
const HEAD = 'h'.repeat(40);

const text = (path: string, content: string, mode: CommitFile['mode'] = '100644'): CommitFile => ({
  path,
  mode,
  content: Buffer.from(content),
});
const FILES: CommitFile[] = [
  text('package.json', '{}\n'),
  text('run.sh', '#!/bin/sh\n', '100755'),
  text('link', 'package.json', '120000'),
  { path: 'logo.png', mode: '100644', content: Uint8Array.of(0x89, 0, 0xff) },
  { path: 'old/name.js', mode: '100644', content: null },
];

const commit = (expected: string | null): ApiCommit => ({
  repository: 'acme/shop',
  branch: 'fleet/bump',
  baseSha: BASE,
  baseBranch: 'main',
  expected,
  message: 'Bump\n\nCo-authored-by: Ada <5+ada@users.noreply.github.com>',
  files: FILES,
});

/** Answers a write, remembering it; any request that is not answered here fails the test. */
function expectWrite(method: 'POST' | 'PATCH', path: string, answer: object): void {
  api()
    .intercept(`${REPO}${path}`, method)
    .reply(async (request: Request) => {
      sent.push({ method, path, body: await request.json() });
      return [method === 'POST' ? 201 : 200, answer];
    });
}

function answerHead(head: string | null): void {
  const looking = api().get(`${REPO}/git/ref/heads%2Ffleet%2Fbump`);
  if (head === null) looking.reply(404, { message: 'Not Found' });
  else looking.reply(200, { object: { sha: head } });
}

/** `appeared`: the branch exists by the time the plugin looks. */
function answerNewBranch({ appeared }: { appeared: boolean }): void {
  answerHead(null);
  api()
    .get(REPO)
    .reply(200, { permissions: { push: true }, default_branch: 'main' });
  api()
    .get(`${REPO}/commits`)
    .query({ sha: BASE, per_page: 1 })
    .reply(200, [{ sha: BASE, commit: { tree: { sha: 'basetree' } } }]);
  expectWrite('POST', '/git/blobs', { sha: 'blob' });
  expectWrite('POST', '/git/trees', { sha: 'newtree' });
  expectWrite('POST', '/git/commits', { sha: 'newcommit' });
  graphql()
    .post('/graphql')
    .reply(200, {
      data: { repository: { ref: appeared ? { associatedPullRequests: { edges: [] } } : null } },
    });
}

const bodyOf = (path: string) => sent.find((one) => one.path === path)?.body;

test('a new branch gets one commit on the frozen base, unsigned by us, and no pull request', async () => {
  answerNewBranch({ appeared: false });
  expectWrite('POST', '/git/refs', { ref: 'refs/heads/fleet/bump' });
  const order: string[] = [];
  const made = await connect()
    .writes(INSTALLATION)
    .commitFiles(commit(null), async (sha) => {
      order.push(`recorded ${sha}`, ...sent.map(({ path }) => path));
    });
  expect(made).toEqual({ sha: 'newcommit' });
  expect(order).toEqual(['recorded newcommit', '/git/blobs', '/git/trees', '/git/commits']);
  expect(sent.map(({ path }) => path)).toEqual(['/git/blobs', '/git/trees', '/git/commits', '/git/refs']);
  expect(bodyOf('/git/blobs')).toEqual({ content: 'iQD/', encoding: 'base64' });
  expect(bodyOf('/git/trees')).toEqual({
    base_tree: 'basetree',
    tree: [
      { path: 'package.json', mode: '100644', content: '{}\n' },
      { path: 'run.sh', mode: '100755', content: '#!/bin/sh\n' },
      { path: 'link', mode: '120000', content: 'package.json' },
      { path: 'logo.png', mode: '100644', sha: 'blob' },
      { path: 'old/name.js', mode: '100644', sha: null },
    ],
  });
  expect(bodyOf('/git/commits')).toEqual({ message: commit(null).message, tree: 'newtree', parents: [BASE] });
  expect(bodyOf('/git/refs')).toEqual({ ref: 'refs/heads/fleet/bump', sha: 'newcommit' });
});

test('a branch that appeared meanwhile is not moved', async () => {
  answerNewBranch({ appeared: true });
  await expect(connect().writes(INSTALLATION).commitFiles(commit(null))).rejects.toMatchObject({
    kind: 'refused',
    message: 'fleet/bump in acme/shop exists already.',
  });
  expect(sent.map(({ path }) => path)).toEqual(['/git/blobs', '/git/trees', '/git/commits']);
});

test('a commit that could not be recorded does not become a branch', async () => {
  answerNewBranch({ appeared: false });
  const writes = connect().writes(INSTALLATION);
  const recording = writes.commitFiles(commit(null), async () => {
    throw new Error('store is closed');
  });
  await expect(recording).rejects.toThrow('store is closed');
  expect(sent.some(({ path }) => path === '/git/refs')).toBe(false);
});

function answerOurBranch(head: string, aheadBy: number): void {
  answerHead(head);
  api()
    .get(`${REPO}/git/commits/${BASE}`)
    .reply(200, { sha: BASE, tree: { sha: 'basetree' } });
  api().get(`${REPO}/compare/${HEAD}...${BASE}`).query({ per_page: 1 }).reply(200, { ahead_by: aheadBy });
  expectWrite('POST', '/git/blobs', { sha: 'blob' });
  expectWrite('POST', '/git/trees', { sha: 'newtree' });
  expectWrite('POST', '/git/commits', { sha: 'newcommit' });
  expectWrite('PATCH', '/git/refs/heads%2Ffleet%2Fbump', { ref: 'refs/heads/fleet/bump' });
}

test.each([
  ['our head alone, where it holds the base', 0, [HEAD]],
  ['our head and the base, where the base moved on', 3, [HEAD, BASE]],
])('a commit on our branch has as parents %s, and the move is a fast-forward', async (_, aheadBy, parents) => {
  answerOurBranch(HEAD, aheadBy);
  expect(await connect().writes(INSTALLATION).commitFiles(commit(HEAD))).toEqual({ sha: 'newcommit' });
  expect(bodyOf('/git/commits')).toEqual({ message: commit(HEAD).message, tree: 'newtree', parents });
  expect(bodyOf('/git/refs/heads%2Ffleet%2Fbump')).toEqual({ sha: 'newcommit', force: false });
});

test.each([
  ['at another commit', 'r'.repeat(40), HEAD],
  ['gone', null, HEAD],
  ['there already', 'r'.repeat(40), null],
])('a branch that is %s is refused before anything is made', async (_, head, expected) => {
  answerHead(head);
  await expect(connect().writes(INSTALLATION).commitFiles(commit(expected))).rejects.toMatchObject({
    kind: 'refused',
    status: 409,
  });
  expect(sent).toEqual([]);
});
