import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { api, connect, INSTALLATION, mintTokens } from './fixtures.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());

const path = `/app/installations/${INSTALLATION}/access_tokens`;
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

function mint(limits: object, token: string, expires_at = inMinutes(60)): void {
  api()
    .post(path, { ...limits })
    .matchHeader('authorization', /^bearer ey/)
    .reply(201, { token, expires_at });
}
const READING = { permissions: { contents: 'read' } };
const writing = (repository: number, more = {}) => ({
  repository_ids: [repository],
  permissions: { contents: 'write', ...more },
});

test('a token for git holds contents alone and is kept: one for reading them all, one for each that is written', async () => {
  const github = connect();
  mint(READING, 'ghs_read');
  mint(writing(42), 'ghs_write');
  mint(writing(43), 'ghs_other');
  mint(writing(42, { workflows: 'write' }), 'ghs_workflows');
  for (let times = 0; times < 3; times += 1) {
    expect(await github.gitToken(INSTALLATION, 42, 'read')).toBe('ghs_read');
    expect(await github.gitToken(INSTALLATION, 42, 'write')).toBe('ghs_write');
    expect(await github.gitToken(INSTALLATION, 43, 'read')).toBe('ghs_read');
    expect(await github.gitToken(INSTALLATION, 43, 'write')).toBe('ghs_other');
    expect(await github.gitToken(INSTALLATION, 42, 'workflows')).toBe('ghs_workflows');
  }
});

test('a token within five minutes of its end is minted anew, and so is one asked for fresh', async () => {
  const github = connect();
  mint(READING, 'ghs_1', inMinutes(4));
  mint(READING, 'ghs_2');
  mint(READING, 'ghs_3');
  expect(await github.gitToken(INSTALLATION, 42, 'read')).toBe('ghs_1');
  expect(await github.gitToken(INSTALLATION, 42, 'read')).toBe('ghs_2');
  expect(await github.gitToken(INSTALLATION, 42, 'read', { fresh: true })).toBe('ghs_3');
  expect(await github.gitToken(INSTALLATION, 42, 'read')).toBe('ghs_3');
});

test('callers at the same time share one minting', async () => {
  const github = connect();
  mint(READING, 'ghs_once');
  const tokens = await Promise.all(Array.from({ length: 5 }, () => github.gitToken(INSTALLATION, 42, 'read')));
  expect(new Set(tokens)).toEqual(new Set(['ghs_once']));
});

test('a refused minting is not remembered', async () => {
  const github = connect();
  api().post(path).reply(404, { message: 'Not Found' });
  mint(READING, 'ghs_later');
  await expect(github.gitToken(INSTALLATION, 42, 'read')).rejects.toMatchObject({ kind: 'refused', status: 404 });
  expect(await github.gitToken(INSTALLATION, 42, 'read')).toBe('ghs_later');
});

test("the app's identity is its bot account, read once with an installation's token", async () => {
  mintTokens();
  api().get('/app').reply(200, { id: 1, slug: 'flotilla' });
  api()
    .get('/app/installations')
    .query({ per_page: 100 })
    .reply(200, [
      { id: 3, suspended_at: '2026-01-01T00:00:00Z' },
      { id: INSTALLATION, suspended_at: null },
    ]);
  api()
    .get('/users/flotilla%5Bbot%5D')
    .matchHeader('authorization', 'token ghs_installation')
    .reply(200, { id: 77, login: 'flotilla[bot]' });
  const github = connect();
  const expected = {
    slug: 'flotilla',
    botId: 77,
    botLogin: 'flotilla[bot]',
    email: '77+flotilla[bot]@users.noreply.github.example.test',
  };
  expect(await github.identity()).toEqual(expected);
  expect(await github.identity()).toEqual(expected);
});

test('an app that is installed nowhere reads its account as everybody may', async () => {
  api().get('/app').reply(200, { id: 1, slug: 'flotilla' });
  api().get('/app/installations').query({ per_page: 100 }).reply(200, []);
  nock('https://github.example.test', { badheaders: ['authorization'] })
    .get('/api/v3/users/flotilla%5Bbot%5D')
    .reply(200, { id: 77, login: 'flotilla[bot]' });
  expect((await connect().identity()).botId).toBe(77);
});
