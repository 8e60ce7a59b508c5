import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UnreadableFile } from '../../../src/ports/github-reads.ts';
import { API, api, connect, INSTALLATION, mintTokens, restRepository } from './fixtures.ts';

beforeEach(() => {
  nock.disableNetConnect();
  mintTokens();
});
afterEach(() => nock.cleanAll());

const list = (page: number) => api().get('/installation/repositories').query({ per_page: 100, page });
const next = { link: `<${API}/api/v3/installation/repositories?per_page=100&page=2>; rel="next"` };

test('every page is listed, and an unchanged page is reused by its ETag', async () => {
  const github = connect();
  list(1).reply(200, { repositories: [restRepository(1, 'one')] }, { etag: '"a"', ...next });
  list(2).reply(200, { repositories: [restRepository(2, 'two')] }, { etag: '"b"' });
  const first = await github.reads(INSTALLATION).repositories();
  expect(first.map(({ fullName }) => fullName)).toEqual(['acme/one', 'acme/two']);

  list(1).matchHeader('if-none-match', '"a"').reply(304);
  list(2)
    .matchHeader('if-none-match', '"b"')
    .reply(200, { repositories: [restRepository(2, 'two', { archived: true })] }, { etag: '"c"' });
  const second = await github.reads(INSTALLATION).repositories();
  expect(second.map(({ name, archived }) => [name, archived])).toEqual([
    ['one', false],
    ['two', true],
  ]);
  expect(nock.pendingMocks().filter((mock) => !mock.includes('access_tokens'))).toEqual([]);
});

test('a repository that comes on two pages is listed once', async () => {
  list(1).reply(200, { repositories: [restRepository(1, 'one')] }, next);
  list(2).reply(200, { repositories: [restRepository(1, 'one'), restRepository(2, 'two')] });
  expect((await connect().reads(INSTALLATION).repositories()).map(({ id }) => id)).toEqual([1, 2]);
});

test('a property without a value is left out, and an old server without visibility tells it by private', async () => {
  const answer = restRepository(1, 'one', {
    visibility: undefined,
    topics: ['platform-my-app'],
    custom_properties: { team: 'web', langs: ['ts', 'go'], tier: null },
  });
  api().get('/repos/acme/one').reply(200, answer);
  expect(await connect().reads(INSTALLATION).repository('acme/one')).toMatchObject({
    visibility: 'private',
    topics: ['platform-my-app'],
    customProperties: { team: 'web', langs: ['ts', 'go'] },
  });
});

test('a repository is asked for each time, and where nothing changed it costs nothing of the limit', async () => {
  const github = connect();
  const read = () => github.reads(INSTALLATION).repository('acme/one');
  const asked = () => api().get('/repos/acme/one');
  asked().reply(200, restRepository(1, 'one'), { etag: '"a"' });
  const first = await read();
  asked().matchHeader('if-none-match', '"a"').reply(304);
  expect(await read()).toEqual(first);
  asked()
    .matchHeader('if-none-match', '"a"')
    .reply(200, restRepository(1, 'one', { archived: true }), { etag: '"b"' });
  expect(await read()).toMatchObject({ archived: true });
  asked().matchHeader('if-none-match', '"b"').reply(404, { message: 'Not Found' });
  expect(await read()).toBeUndefined();
});

test('a repository that is not there is undefined', async () => {
  api().get('/repos/acme/gone').reply(404, { message: 'Not Found' });
  expect(await connect().reads(INSTALLATION).repository('acme/gone')).toBeUndefined();
});

test('a name that would change the path is refused before anything is asked', async () => {
  for (const name of ['acme/../orgs', 'acme', 'acme/a/b', 'acme/..', 'a b/c']) {
    await expect(connect().reads(INSTALLATION).repository(name)).rejects.toThrow('not the full name');
  }
});

const permission = (login: string) => api().get(`/repos/acme/shop/collaborators/${login}/permission`);

test.each([
  ['admin', 'admin', 'admin'],
  ['write', 'maintain', 'maintain'],
  ['write', 'write', 'write'],
  ['write', 'release-manager', 'write'],
  ['read', 'triage', 'triage'],
  ['read', 'read', 'read'],
  ['none', 'none', 'none'],
])('permission %s with role %s is %s', async (level, role, expected) => {
  permission('ada').reply(200, { permission: level, role_name: role, user: { id: 5 } });
  expect(await connect().reads(INSTALLATION).permission('acme/shop', { id: 5, login: 'ada' })).toBe(expected);
});

test('a login that belongs to somebody else by now has no permission', async () => {
  permission('ada').reply(200, { permission: 'admin', role_name: 'admin', user: { id: 99 } });
  expect(await connect().reads(INSTALLATION).permission('acme/shop', { id: 5, login: 'ada' })).toBe('none');
});

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const contents = (path: string) => api().get(`/repos/acme/shop/contents/${encodeURIComponent(path)}`);

test('a file on the default branch is read as text', async () => {
  const content = base64('name: bump\ntitle: Überfällig\n').replace(/(.{20})/g, '$1\n');
  contents('.github/fleet/bump.yml').reply(200, { type: 'file', size: 30, encoding: 'base64', content });
  const text = await connect().reads(INSTALLATION).file('acme/shop', '.github/fleet/bump.yml');
  expect(text).toBe('name: bump\ntitle: Überfällig\n');
});

test('a file is read at a commit', async () => {
  const answer = { type: 'file', size: 2, encoding: 'base64', content: base64('as') };
  contents('a').query({ ref: 'c0ffee' }).reply(200, answer);
  expect(await connect().reads(INSTALLATION).file('acme/shop', 'a', 'c0ffee')).toBe('as');
});

test("the default branch's head is its newest commit, and there is none without commits or without the repository", async () => {
  const commits = (name: string) => api().get(`/repos/acme/${name}/commits`).query({ per_page: 1 });
  commits('shop').reply(200, [{ sha: 'c0ffee' }]);
  commits('empty').reply(409, { message: 'Git Repository is empty.' });
  commits('gone').reply(404, { message: 'Not Found' });
  const reads = connect().reads(INSTALLATION);
  expect(await reads.head('acme/shop')).toBe('c0ffee');
  expect(await reads.head('acme/empty')).toBeUndefined();
  expect(await reads.head('acme/gone')).toBeUndefined();
});

test('a missing file is undefined, and a directory in its place is told', async () => {
  contents('a').reply(404, { message: 'Not Found' });
  contents('b').reply(200, [{ name: 'x', type: 'file' }]);
  const reads = connect().reads(INSTALLATION);
  expect(await reads.file('acme/shop', 'a')).toBeUndefined();
  await expect(reads.file('acme/shop', 'b')).rejects.toMatchObject({
    name: 'UnreadableFile',
    problem: 'is a directory',
  });
});

test('a file over 1 MB and one that is no text are told apart from a GitHub that does not answer', async () => {
  contents('big').reply(200, { type: 'file', size: 2_000_000, encoding: 'none', content: '' });
  contents('image').reply(200, {
    type: 'file',
    size: 2,
    encoding: 'base64',
    content: base64(Buffer.from([0xff, 0xfe])),
  });
  const reads = connect().reads(INSTALLATION);
  await expect(reads.file('acme/shop', 'big')).rejects.toThrow(UnreadableFile);
  await expect(reads.file('acme/shop', 'image')).rejects.toThrow('acme/shop:image is not UTF-8 text.');
});

test("a directory's names are listed, and none where there is no directory", async () => {
  contents('.github/fleet').reply(200, [{ name: 'a.yml' }, { name: 'b.yml' }]);
  contents('nothing').reply(404, {});
  const reads = connect().reads(INSTALLATION);
  expect(await reads.directory('acme/shop', '.github/fleet')).toEqual(['a.yml', 'b.yml']);
  expect(await reads.directory('acme/shop', 'nothing')).toEqual([]);
});
