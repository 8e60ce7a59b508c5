import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished } from 'vitest';
import { watchedProcess } from '../contract/watch/watched-process.ts';
import { endAll, processTree, stillRunning } from '../process-tree.ts';

const BIN = join(import.meta.dirname, '..', '..', 'bin', 'fleet.js');

/** A configured GitHub App around it, which must not leak into a rehearsal. */
const FOREIGN = {
  APP_ID: '999',
  WEBHOOK_SECRET: 'development',
  GHE_HOST: 'github.invalid',
  FLEET_SETTINGS: '/nowhere',
};

/** Longer than the app takes to stop what runs. */
const STOP_MS = 20_000;

/**
 * `fleet` as a person starts it, in a process of its own. When the test ends, however it ends, so does everything that
 * it started; where one that ended by itself left something behind in its `--data` folder, the test fails.
 */
export function fleetCommand(...args: string[]) {
  const options = {
    reject: false,
    env: { ...FOREIGN, ...watchedProcess() },
    stdin: 'ignore',
    cleanup: true,
    forceKillAfterDelay: STOP_MS,
  } as const;
  const child = execa(process.execPath, [BIN, ...args], options);
  let ended = false;
  void child.then(() => {
    ended = true;
  });
  const data = args[args.indexOf('--data') + 1] ?? '';
  onTestFinished(async () => {
    const tree = ended || child.pid === undefined ? [] : processTree(child.pid);
    child.kill('SIGTERM');
    await child;
    const left = [...stillRunning(tree), ...(args.includes('--data') ? workingIn(data) : [])];
    endAll(left);
    expect(left, `left behind by fleet ${args.join(' ')}`).toEqual([]);
  }, STOP_MS + 10_000);
  return child;
}

/** Processes whose working directory is in the folder; none where the system does not tell. */
function workingIn(folder: string) {
  const pids = process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  const inside = pids.filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(`${folder}/`);
    } catch {
      return false;
    }
  });
  return inside.flatMap((pid) => processTree(Number(pid)).slice(0, 1));
}
