import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { watchedProcess } from '../contract/watch/watched-process.ts';

const RUN_FAULTS = join(import.meta.dirname, 'run-faults.ts');

export interface FaultsRun {
  status: unknown;
  /** What it said, and its last line. */
  said: string;
  last: string | undefined;
}

/** The harness from its start to its end. @param node arguments of Node, before the program */
export async function runFaults(options: readonly string[], node: readonly string[] = []): Promise<FaultsRun> {
  const child = spawn(process.execPath, [...node, RUN_FAULTS, ...options], {
    env: { ...process.env, ...watchedProcess() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { status, said, last: said.trim().split('\n').at(-1) };
}
