import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createLogFolders, logFolder } from '../../../src/platform/logs/log-folders.ts';
import { readLog } from '../../../src/platform/logs/read-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-logs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

describe('a log', () => {
  it('is read from its end, and says whether that is all of it', async () => {
    const file = join(folder, 'a.log');
    writeFileSync(file, 'one\ntwo\n');
    expect(await readLog(file, 100)).toEqual({ text: 'one\ntwo\n', whole: true });
    expect(await readLog(file, 4)).toEqual({ text: 'two\n', whole: false });
  });

  it('that is gone, is a link, a pipe or a folder is none', async () => {
    writeFileSync(join(folder, 'secret'), 'secret');
    symlinkSync(join(folder, 'secret'), join(folder, 'link'));
    execFileSync('bash', ['-c', 'mkfifo "$1"', 'bash', join(folder, 'pipe')]);
    mkdirSync(join(folder, 'folder'));
    for (const name of ['gone', 'link', 'pipe', 'folder']) expect(await readLog(join(folder, name), 9)).toBeUndefined();
  });
});

describe('the folders of logs', () => {
  it('are one for each task, with what they take, until they are removed', async () => {
    const folders = createLogFolders(folder);
    expect(await folders.list()).toEqual([]);
    const path = logFolder(folder, 't-aaaaaaaaaaaa');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, '1.test.log'), 'x'.repeat(10_000));
    expect(await folders.list()).toEqual([{ taskId: 't-aaaaaaaaaaaa', path }]);
    expect(await folders.bytes(path)).toBeGreaterThanOrEqual(10_000);
    await folders.remove(path);
    expect(readdirSync(join(folder, 'logs'))).toEqual([]);
    expect(await folders.bytes(path)).toBe(0);
  });

  it('have no name that leads out of the data directory', () => {
    expect(() => logFolder(folder, '../elsewhere')).toThrow('cannot be the name of a folder');
  });
});
