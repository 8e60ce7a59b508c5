import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePrivateFolder } from '../../src/platform/private-folder.ts';
import { silentLog, temporaryFolder } from '../store/fixtures.ts';

let folder: { path: string; remove(): Promise<void> };
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const modeOf = (...path: string[]) => (statSync(join(folder.path, ...path)).mode & 0o7777).toString(8);

test('a new folder is for its owner alone', () => {
  makePrivateFolder(join(folder.path, 'a', 'data'), silentLog);
  expect(modeOf('a', 'data')).toBe('700');
});

test('a folder that others could read is closed, with our files in it and no others', () => {
  const data = join(folder.path, 'data');
  mkdirSync(data);
  chmodSync(data, 0o755);
  const files = ['flotilla.db', 'flotilla.db-wal', 'flotilla.db.before-2', 'lock.db', 'lock.json', 'app.log', 'run.sh'];
  for (const name of files) {
    writeFileSync(join(data, name), '');
    chmodSync(join(data, name), 0o755);
  }
  makePrivateFolder(data, silentLog);
  expect(modeOf('data')).toBe('700');
  expect(files.map((name) => modeOf('data', name))).toEqual(['600', '600', '600', '600', '600', '600', '755']);
});

test('a folder of all users stays theirs, with a warning', () => {
  const shared = join(folder.path, 'tmp');
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  const warnings: string[] = [];
  makePrivateFolder(shared, { ...silentLog, warn: (_, message) => void warnings.push(message) });
  expect(modeOf('tmp')).toBe('1777');
  expect(warnings).toEqual(['other users of this machine may be able to read the data directory']);
});

test('a folder that cannot be made is named, with what to do', () => {
  writeFileSync(join(folder.path, 'file'), '');
  const data = join(folder.path, 'file', 'data');
  expect(() => makePrivateFolder(data, silentLog)).toThrow(`FLEET_DATA_DIR (${data}) cannot be written by this user`);
});
