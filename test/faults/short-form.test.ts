import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { watchedProcess } from '../contract/watch/watched-process.ts';

const RUN_FAULTS = join(import.meta.dirname, 'run-faults.ts');

it('loses and doubles nothing while it is killed twenty times', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [RUN_FAULTS, '--kills', '20', '--seed', '3'], {
    env: { ...process.env, ...watchedProcess() },
  }).catch((failed: { stdout: string }) => failed);
  expect(stdout.trim().split('\n').at(-1), stdout).toMatch(/^kills=20 fleets=\d+ effects=\d+ violations=0 seed=3$/);
}, 180_000);
