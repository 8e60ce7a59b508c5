import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProcesses } from '../../../src/platform/process/create-processes.ts';
import type { ChildRequest, ChildResult } from '../../../src/ports/process.ts';
import { emptyBox, unboxed } from '../../sandboxes.ts';
import { isAlive } from './is-alive.ts';

let folder: string;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const processes = createProcesses({ log: silent, sandbox: unboxed });

function run(script: string, changes: Partial<ChildRequest> = {}, by = processes): Promise<ChildResult> {
  return by.run({
    command: 'bash',
    args: ['-c', script],
    cwd: folder,
    env: { PATH: '/usr/bin:/bin' },
    box: emptyBox,
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    maxOutputBytes: 1024 * 1024,
    logFile: join(folder, 'log'),
    pidsFile: join(folder, 'pids'),
    ...changes,
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-process-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a command', () => {
  it('ends with its status, its output and a log of both streams', async () => {
    const result = await run('echo out; echo err >&2; exit 3');
    expect(result).toMatchObject({ exitCode: 3, signal: null, timedOut: false, aborted: false, stdout: 'out\n' });
    expect(result.tail.split('\n').sort()).toEqual(['', 'err', 'out']);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe(result.tail);
  });

  it('gets the environment that it was given and nothing else, and a closed standard input', async () => {
    const { stdout } = await run('env; cat', { env: { PATH: '/usr/bin:/bin', INPUTS_X: 'a b' } });
    const names = stdout.split('\n').map((line) => line.split('=')[0]);
    expect(stdout).toContain('INPUTS_X=a b\n');
    expect(names.filter((name) => !['PATH', 'INPUTS_X', 'PWD', 'SHLVL', '_', ''].includes(name ?? ''))).toEqual([]);
  });

  it('says why it could not be started', async () => {
    const missing = await run('', { command: 'no-such-command' });
    expect(missing).toMatchObject({ exitCode: 127, tail: expect.stringContaining('"no-such-command" was not found') });
    const nowhere = await run('true', { cwd: join(folder, 'gone') });
    expect(nowhere.tail).toContain('does not exist');
    writeFileSync(join(folder, 'plain'), 'x');
    expect((await run('', { command: join(folder, 'plain') })).tail).toContain('is not executable');
    const huge = { PATH: '/usr/bin:/bin', HUGE: 'x'.repeat(4 * 1024 * 1024) };
    expect((await run('true', { env: huge })).tail).toContain('too large');
  });
});

describe('output', () => {
  it('is bounded in memory to its head and its tail', async () => {
    const { stdout, tail } = await run('echo first; head -c 3000000 /dev/zero | tr "\\0" x; echo last', {
      maxOutputBytes: 20_000,
    });
    expect(stdout.length).toBeLessThan(20_100);
    expect(stdout).toMatch(/^first\n/);
    expect(stdout).toMatch(/\[\d+ bytes left out\]/);
    expect(stdout).toMatch(/last\n$/);
    expect(tail).toHaveLength(8192);
    expect(tail).toMatch(/last\n$/);
  });

  it('is bounded in the log, with a notice', async () => {
    await run('head -c 30000000 /dev/zero');
    expect(statSync(join(folder, 'log')).size).toBeLessThan(20 * 1024 * 1024 + 200);
    expect(readFileSync(join(folder, 'log'), 'latin1').slice(-60)).toContain('The log ends here');
  });

  it('is without secrets in the log, the tail and the output, in whatever pieces it comes', async () => {
    const key = 'the operator’s key, 1234';
    const token = `ghs_${'a1'.repeat(200)}`;
    const careful = createProcesses({ log: silent, sandbox: unboxed, secrets: [key] });
    const script = `
      printf '%s' 'a ${token.slice(0, 30)}'; sleep 0.05; printf '%s\\n' '${token.slice(30)} b'
      printf '%s' 'c ${key.slice(0, 14)}' >&2; sleep 0.05; printf '%s\\n' '${key.slice(14)} d' >&2
      printf '\\377\\000e\\n'; printf '%s' '${key}'
    `;
    const { stdout, tail } = await run(script, {}, careful);
    const log = readFileSync(join(folder, 'log'), 'latin1');
    expect(stdout).toMatch(/^a \*\*\* b\n.*\0e\n\*\*\*$/);
    expect(log).toContain('\xff\0e\n');
    for (const text of [log, tail]) {
      expect(text).toContain('a *** b\n');
      expect(text).toContain('c *** d\n');
      expect(text).not.toMatch(/1234|ghs_/);
    }
  });

  it('survives a log that cannot be written, and follows no link in its place', async () => {
    symlinkSync(join(folder, 'target'), join(folder, 'log'));
    expect((await run('echo fine')).stdout).toBe('fine\n');
    expect(existsSync(join(folder, 'target'))).toBe(false);
  });

  it('goes into a log of its own, whatever an earlier command left in its place', async () => {
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    writeFileSync(join(folder, 'target'), 'precious');
    linkSync(join(folder, 'target'), join(logs, 'hard'));
    execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(logs, 'pipe')]);
    await run('echo fine', { logFile: join(logs, 'hard') });
    await run('echo fine', { logFile: join(logs, 'pipe') });
    expect(readFileSync(join(logs, 'hard'), 'utf8')).toBe('fine\n');
    expect(readFileSync(join(logs, 'pipe'), 'utf8')).toBe('fine\n');
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('precious');
  });

  it('goes nowhere when the folder of the log was replaced by a link', async () => {
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere', 'log'), 'precious');
    symlinkSync('elsewhere', join(folder, 'logs'));
    expect((await run('echo fine', { logFile: join(folder, 'logs', 'log') })).stdout).toBe('fine\n');
    expect(readFileSync(join(folder, 'elsewhere', 'log'), 'utf8')).toBe('precious');
  });
});

describe('the process group', () => {
  it.runIf(process.platform === 'linux')('is noted with the start of its leader, never through a link', async () => {
    const { stdout } = await run('echo $$; cut -d" " -f22 /proc/$$/stat');
    expect(readFileSync(join(folder, 'pids'), 'utf8')).toBe(`${stdout.trim().replace('\n', ' ')}\n`);
    symlinkSync('target', join(folder, 'linked'));
    expect((await run('echo fine', { pidsFile: join(folder, 'linked') })).stdout).toBe('fine\n');
    expect(existsSync(join(folder, 'target'))).toBe(false);
  });

  const pid = (result: ChildResult): number => Number.parseInt(result.stdout, 10);

  it('is killed with its grandchildren when the time is up', async () => {
    const result = await run('(trap "" TERM; sleep 60 & echo $!; wait) & wait', { timeoutMs: 1000 });
    expect(result).toMatchObject({ timedOut: true, aborted: false });
    expect(pid(result)).toBeGreaterThan(0);
    expect(isAlive(pid(result))).toBe(false);
  });

  it('is killed even when it ignores SIGTERM', async () => {
    const result = await run('trap "" TERM; echo $$; while :; do sleep 60; done', { timeoutMs: 1000 });
    expect(result).toMatchObject({ timedOut: true, exitCode: null, signal: 'SIGKILL' });
    expect(isAlive(pid(result))).toBe(false);
  });

  it('leaves no survivor after a normal end', async () => {
    const result = await run('sleep 60 & echo $!; exit 0');
    expect(result.exitCode).toBe(0);
    expect(isAlive(pid(result))).toBe(false);
  });

  it('is killed by the abort signal, and not even started after it', async () => {
    const abort = new AbortController();
    const running = run('touch started; sleep 60', { signal: abort.signal, logFile: join(folder, 'first') });
    while (!existsSync(join(folder, 'started'))) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    expect(await running).toMatchObject({ aborted: true, timedOut: false });
    await run('touch again', { signal: abort.signal });
    expect(existsSync(join(folder, 'again'))).toBe(false);
  });

  it('does not wait for a descendant that left the group and holds the pipes', async () => {
    const result = await run('setsid sleep 5 & echo $!; exit 0');
    expect(result.exitCode).toBe(0);
    process.kill(pid(result), 'SIGKILL');
  });
});
