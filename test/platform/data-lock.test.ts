import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDirectory, lockHolder } from '../../src/platform/data-lock.ts';
import { temporaryFolder } from '../store/fixtures.ts';

const MODULE = new URL('../../src/platform/data-lock.ts', import.meta.url).href;
const HOLD = `
  const { lockDataDirectory } = await import(${JSON.stringify(MODULE)});
  lockDataDirectory(process.argv[1]);
  globalThis.gc();
  process.stdout.write('locked');
  setInterval(() => globalThis.gc(), 5);
`;

describe('the lock of the data directory', () => {
  let folder: { path: string; remove(): Promise<void> };
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  const holder = () =>
    execa(process.execPath, ['--expose-gc', '--input-type=module', '--eval', HOLD, '--', folder.path], {
      reject: false,
    });

  it('makes a second process fail with the name of the first, until that one dies', async () => {
    const child = holder();
    try {
      await new Promise((resolve, reject) => {
        child.stdout.once('data', resolve);
        child.then(({ stderr }) => reject(new Error(`the holder ended: ${stderr}`)), reject);
      });
      expect(() => lockDataDirectory(folder.path)).toThrow(
        new RegExp(`in use by process ${child.pid} on ${hostname()}, since 20.*FLEET_DATA_DIR`),
      );
    } finally {
      child.kill('SIGKILL');
      await child;
    }
    lockDataDirectory(folder.path, Date.UTC(2030, 0, 1)).release();
    const written: unknown = JSON.parse(readFileSync(join(folder.path, 'lock.json'), 'utf8'));
    expect(written).toEqual({ pid: process.pid, host: hostname(), since: '2030-01-01T00:00:00.000Z' });
  });

  it('is free again after its release', () => {
    const first = lockDataDirectory(folder.path);
    expect(() => lockDataDirectory(folder.path)).toThrow(`process ${process.pid}`);
    first.release();
    lockDataDirectory(folder.path).release();
  });

  it('tells who holds it without making or holding anything', () => {
    expect(lockHolder(folder.path)).toBeNull();
    expect(existsSync(join(folder.path, 'lock.db'))).toBe(false);
    const lock = lockDataDirectory(folder.path);
    expect(lockHolder(folder.path)).toMatch(new RegExp(`^process ${process.pid} on ${hostname()}, since 20`));
    expect(lockHolder(folder.path), 'asked again').not.toBeNull();
    lock.release();
    expect(lockHolder(folder.path)).toBeNull();
    lockDataDirectory(folder.path).release();
  });
});
