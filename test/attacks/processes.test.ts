import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { noSandbox } from '../sandboxes.ts';
import { givenServer, SECRET } from './given-server.ts';

/** Seeing others, taking all there is, and staying on. */

const MIB = 1024 ** 2;

/** Numbers of the processes in whose command the word stands, as the host sees them. */
const running = (word: string): number[] => commands((command) => command.includes(word));

/** Those that bear it as their name. */
const named = (word: string): number[] => commands((command) => command.startsWith(word));

function commands(isWanted: (command: string) => boolean): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return isWanted(readFileSync(`/proc/${name}/cmdline`, 'utf8')) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

const word = (): string => `attack-${Math.random().toString(36).slice(2)}`;

describe.skipIf(noSandbox !== null)('a command', () => {
  it('sees no process but those of its box, and can end none of the host', async () => {
    const { attack } = givenServer();
    const { stdout } = await attack(
      `kill -9 ${process.pid} 2>/dev/null && echo killed; kill -0 ${process.ppid} 2>/dev/null && echo found; cd /proc; for each in [0-9]*; do [ $each -gt 50 ] && echo "sees $each"; done; readlink /proc/1/exe /proc/1/root /proc/1/cwd; grep -c . /proc/1/maps > /dev/null; ls /proc/${process.pid}/environ 2>/dev/null`,
    );
    expect(stdout).not.toMatch(/killed|found|sees/);
    expect(stdout).not.toContain('environ');
  });

  it('inherits three pipes and nothing else that is open', async () => {
    const { attack } = givenServer();
    const { stdout } = await attack(
      'cd /proc; for each in self 1; do for one in $each/fd/*; do [ -e $one -o -L $one ] && echo "$(basename $one) $(readlink $one)"; done; done',
    );
    const open = stdout
      .trim()
      .split('\n')
      .filter((each) => !/ (\/proc\/|pipe:|anon_inode:\[eventfd\])/.test(each));
    expect(open.length).toBeGreaterThanOrEqual(5);
    expect(
      open.every((each) => /^[012] socket:\[\d+\]$/.test(each)),
      stdout,
    ).toBe(true);
  });

  it('has no terminal', async () => {
    const { attack } = givenServer();
    const { stdout } = await attack(
      'tty; (echo x > /dev/tty) 2>/dev/null && echo typed; cut -d" " -f7 /proc/self/stat; ls /dev/pts',
    );
    expect(stdout).toBe('not a tty\n0\nptmx\n');
  });

  it('that forks without end is ended, and all of it with it', async () => {
    const { attack } = givenServer();
    const name = word();
    const began = performance.now();
    const result = await attack(`for i in $(seq 400); do bash -c 'exec -a ${name} sleep 60' & done; wait`, {
      limits: { processes: 150 },
    });
    const isOver = result.exceeded?.resource === 'processes' || /Resource temporarily unavailable/.test(result.tail);
    expect(isOver, result.tail).toBe(true);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(running(name)).toEqual([]);
  });

  it('that takes more memory than its box may have is ended, whichever of its processes take it', async () => {
    const { attack } = givenServer();
    const hog = '(head -c 250M /dev/zero; sleep 20) | tail -c 250M >/dev/null &';
    const result = await attack(`${hog} ${hog} ${hog} wait`, { limits: { memoryBytes: 600 * MIB }, timeoutMs: 15_000 });
    expect(result.exceeded).toEqual({ what: 'used more than 600 MiB of memory', resource: 'memory' });
  });

  it('that computes longer than it may is ended by the kernel', async () => {
    const { attack } = givenServer();
    const began = performance.now();
    const result = await attack('while :; do :; done', { limits: { cpuSeconds: 1 } });
    expect(result.exitCode).toBe(137);
    expect(performance.now() - began).toBeLessThan(8_000);
  });

  it.each([
    ['setsid', (name: string) => `setsid bash -c 'exec -a ${name} sleep 60' & sleep 0.1`],
    ['two forks', (name: string) => `( ( exec -a ${name} sleep 60 ) & ) ; sleep 0.1`],
    ['nohup', (name: string) => `nohup bash -c 'exec -a ${name} sleep 60' >/dev/null 2>&1 & sleep 0.1`],
    ['ignored signals', (name: string) => `(trap "" TERM HUP INT; exec -a ${name} sleep 60) & sleep 0.1; trap "" TERM`],
  ])('that leaves something running by %s outlives its end by nothing', async (_how, script) => {
    const { attack } = givenServer();
    const name = word();
    const result = await attack(script(name));
    expect(result.exitCode).toBe(0);
    expect(running(name)).toEqual([]);
  });

  it.each([
    ['a cancel', 'abort'],
    ['the end of its time', 'timeout'],
  ])('that ignores signals is gone with its offspring within two seconds of %s', async (_what, how) => {
    const { attack, workspace } = givenServer();
    const name = word();
    const cancel = new AbortController();
    const going = attack(
      `trap "" TERM HUP INT; setsid bash -c 'trap "" TERM; exec -a ${name} sleep 60' & exec -a ${name} bash -c 'trap "" TERM; echo > started; while :; do sleep 1; done'`,
      { signal: cancel.signal, timeoutMs: how === 'timeout' ? 1000 : 20_000 },
    );
    await expect.poll(() => existsSync(join(workspace.tree, 'started'))).toBe(true);
    let began = performance.now();
    if (how === 'abort') cancel.abort();
    else began += 1000;
    const result = await going;
    expect(performance.now() - began).toBeLessThan(2000);
    expect(result.aborted || result.timedOut).toBe(true);
    expect(running(name)).toEqual([]);
  });

  it('ends with the server when that is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flotilla-attack-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const name = word();
    const server = spawn(
      process.execPath,
      [fileURLToPath(new URL('./boxed-server.ts', import.meta.url)), folder, name],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    onTestFinished(() => void server.kill('SIGKILL'));
    // Before they bear their names the server is not yet their parent's parent: killed then, the next one ends them.
    await expect.poll(() => named(name).length, { timeout: 10_000 }).toBe(2);
    server.kill('SIGKILL');
    await expect.poll(() => running(name), { timeout: 5_000 }).toEqual([]);
  });

  it.each([
    ['a status of its own', 'exit 77', 77],
    ['a signal to itself', 'kill -SEGV $$', 139],
    ['a stopped first process', 'kill -STOP 1; exit 3', 3],
    ['a killed first process', 'kill -9 1; exit 4', 4],
    ['a status of the box', 'exit 1', 1],
  ])('that ends with %s is told as it ended', async (_how, script, exitCode) => {
    const { attack } = givenServer();
    expect(await attack(script)).toMatchObject({ exitCode, exceeded: null });
  });

  it('whose box cannot be made is told so, and not by a status that it could have had', async () => {
    const { attack } = givenServer();
    const result = await attack('exit 1', { cwd: '/nowhere' });
    expect(result.exitCode).toBe(127);
    expect(result.tail).toMatch(
      /chdir to \/nowhere: No such file or directory\n.*The box of the command could not be made\./,
    );
  });

  it('that a shell with open files started gets none of them, once the server has closed what it inherited', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flotilla-attack-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = fileURLToPath(new URL('./boxed-server.ts', import.meta.url));
    const shell = spawn(
      'bash',
      ['-c', `exec ${process.execPath} "$0" "$1" list 88<"$2" 199<"$2"`, file, folder, file],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let said = '';
    shell.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await new Promise((resolve) => shell.once('close', resolve));
    expect(said).toContain('0 socket:');
    expect(said).not.toContain('boxed-server');
  });
});

describe('the suite', () => {
  it.skipIf(noSandbox !== null)('finds what it looks for where nothing holds it back', () => {
    const { keyFile } = givenServer();
    expect(readFileSync(keyFile, 'utf8')).toBe(SECRET);
    expect(readlinkSync(`/proc/${process.pid}/exe`)).toBe(process.execPath);
  });
});
