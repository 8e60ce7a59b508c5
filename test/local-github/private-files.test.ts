import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocalGitHub } from '../../src/local-github/server.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-github-private-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Starts on `data`, seeds, and stops. */
async function serveOnce(data: string): Promise<Record<string, string>> {
  const github = await startLocalGitHub({ dataDir: data });
  await github.seed({ app: {}, users: [{ login: 'mona' }], organizations: [{ login: 'acme' }] });
  const modes = await modesOf(data);
  await github.close();
  return modes;
}

async function modesOf(data: string): Promise<Record<string, string>> {
  const names = ['.', ...(await readdir(data))];
  const modes = names.map(async (name) => [name, ((await stat(join(data, name))).mode & 0o777).toString(8)] as const);
  return Object.fromEntries(await Promise.all(modes));
}

const closed = {
  '.': '700',
  'app.pem': '600',
  'github.db': '600',
  'github.db-shm': '600',
  'github.db-wal': '600',
  hooks: '700',
  repositories: '700',
};

test('keys, tokens and copies are for their owner alone', async () => {
  expect(await serveOnce(join(folder, 'new'))).toEqual(closed);
});

test('what an earlier start left open is closed', async () => {
  const data = join(folder, 'data');
  await serveOnce(data);
  for (const name of ['.', 'hooks', 'repositories']) await chmod(join(data, name), 0o755);
  for (const name of ['github.db', 'app.pem']) await chmod(join(data, name), 0o644);
  expect(await serveOnce(data)).toEqual(closed);
});

test("an empty folder is closed, and one that holds other people's files stays as it is", async () => {
  const empty = join(folder, 'empty');
  await mkdir(empty, { mode: 0o755 });
  expect((await serveOnce(empty))['.']).toBe('700');
  const shared = join(folder, 'shared');
  await mkdir(shared);
  await chmod(shared, 0o755);
  await writeFile(join(shared, 'theirs'), '');
  expect(await serveOnce(shared)).toMatchObject({ ...closed, '.': '755' });
});
