import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { hearBoxStatus } from '../../../src/platform/process/box-status.ts';
import { whenGroupIsEmpty } from '../../../src/platform/process/empty-group.ts';
import { listProcesses, readProcess } from '../../../src/platform/process/list-processes.ts';
import { signalGroup } from '../../../src/platform/process/signal-group.ts';
import { boxedIfPossible, emptyBox, noSandbox } from '../../sandboxes.ts';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const { pid } of started.splice(0)) signalGroup(pid, 'SIGKILL');
});

/** A group that says `up` when it has begun, with its leader's number and what is told of its box. */
async function start(command: string, args: readonly string[], env = {}, control: string | null = null) {
  const child = spawn(command, args, { cwd: '/', env, stdio: ['pipe', 'pipe', 'inherit', 'pipe'], detached: true });
  started.push(child);
  const status = hearBoxStatus(child);
  const fourth = child.stdio[3];
  if (fourth instanceof Writable) fourth.end(control ?? '');
  const said = child.stdout;
  if (said !== null) await once(said, 'data');
  return { leader: child.pid ?? 0, status };
}

const living = async (test: (group: number, pid: number) => boolean): Promise<number[]> =>
  (await listProcesses()).flatMap(({ group, pid, state }) => (test(group, pid) && state !== 'Z' ? [pid] : []));

describe.skipIf(process.platform !== 'linux')('the processes of the machine', () => {
  it('are listed with what they are of each other', async () => {
    const { leader } = await start('sh', ['-c', 'sleep 60 & echo up; wait']);
    const own = (await listProcesses()).find(({ pid }) => pid === process.pid);
    expect(own).toMatchObject({ parent: process.ppid, state: expect.stringMatching(/^[RSD]$/) });
    expect(own?.pages).toBeGreaterThan(1000);
    expect((await listProcesses()).filter(({ group }) => group === leader).map(({ parent }) => parent)).toEqual(
      expect.arrayContaining([process.pid, leader]),
    );
    expect(readProcess(2 ** 30)).toBe(null);
  });

  it('of a group are gone when that was awaited', async () => {
    const { leader } = await start('sh', ['-c', 'sleep 60 & sleep 60 & echo up; wait']);
    signalGroup(leader, 'SIGKILL');
    await whenGroupIsEmpty(leader, () => signalGroup(leader, 0));
    expect(await living((group) => group === leader)).toEqual([]);
  });
});

describe.skipIf(noSandbox !== null)(`the first process of a box${noSandbox === null ? '' : `: ${noSandbox}`}`, () => {
  it('is told while it lives, and with its end everything in the box has ended, groups of their own too', async () => {
    const box = await boxedIfPossible.open(emptyBox);
    const mark = `617.${process.pid}`;
    const script = `setsid sleep ${mark} & sleep ${mark} & echo up; wait`;
    const command = { command: 'sh', args: ['-c', script], cwd: '/', env: { PATH: '/usr/bin:/bin' } };
    const { command: program, args, env, control } = box.enclose(command);
    const { leader, status } = await start(program, args, env, control);
    const first = status?.firstProcess() ?? 0;
    expect(readProcess(first)).toMatchObject({ parent: leader, group: leader });
    const inside = new Set([first]);
    for (const { pid, parent } of await listProcesses()) if (inside.has(parent)) inside.add(pid);
    expect(inside.size).toBeGreaterThanOrEqual(4);
    signalGroup(leader, 'SIGKILL');
    await whenGroupIsEmpty(leader, () => signalGroup(leader, 0), first);
    expect(await living((_group, pid) => inside.has(pid))).toEqual([]);
    await box.close();
  });
});
