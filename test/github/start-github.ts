/** The local GitHub beside a program that is tried on it: nobody's waits hold up the other's. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Failure } from '../../src/local-github/failure.ts';
import type { Seed } from '../../src/local-github/seed/seed.ts';
import { COMPILE_CACHE } from '../compile-cache.ts';

const END_WITH_PARENT = new URL('../../src/rehearse/end-with-parent.ts', import.meta.url).href;
const PATH = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter);

const gitHubAddress = z.object({
  url: z.string(),
  tokens: z.record(z.string(), z.string()),
  appId: z.number(),
  privateKeyFile: z.string(),
  webhookSecret: z.string(),
});
export type GitHubAddress = z.infer<typeof gitHubAddress>;

const requestSeen = z.object({
  route: z.string(),
  path: z.string(),
  status: z.number(),
  actor: z.string(),
  at: z.number(),
  /** Of its body, as JSON. */
  bytes: z.number(),
});
export type RequestSeen = z.infer<typeof requestSeen>;

export type ToGitHub = { ask: 'requests' } | { ask: 'fail'; failure: Failure } | { ask: 'be_well' };

export interface GitHubProcess {
  address: GitHubAddress;
  pid: number;
  /** Everything asked so far, in its order. */
  requests(): Promise<RequestSeen[]>;
  /** From now on, until it is to be well again. */
  fail(failure: Failure): Promise<void>;
  beWell(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param folder takes its seed, its state and its log
 * @param environment of the process besides what every one has
 */
export async function startGitHub(
  folder: string,
  seed: Seed,
  environment: Readonly<Record<string, string>> = {},
): Promise<GitHubProcess> {
  writeFileSync(join(folder, 'seed.json'), JSON.stringify(seed));
  const log = openSync(join(folder, 'github.log'), 'a');
  const program = join(import.meta.dirname, 'github-process.ts');
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, program, folder], {
    env: { PATH, ...COMPILE_CACHE, ...environment },
    stdio: ['pipe', 'pipe', log, 'ipc'],
    detached: true,
  });
  closeSync(log);
  const ended = once(child, 'exit');
  const line = await Promise.race([firstLine(child), ended]);
  if (typeof line !== 'string' || child.pid === undefined)
    throw new Error(`GitHub did not start: ${readFileSync(join(folder, 'github.log'), 'utf8')}`);
  return {
    address: gitHubAddress.parse(JSON.parse(line)),
    pid: child.pid,
    requests: async () => z.array(requestSeen).parse(await ask(child, { ask: 'requests' })),
    async fail(failure) {
      await ask(child, { ask: 'fail', failure });
    },
    async beWell() {
      await ask(child, { ask: 'be_well' });
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function ask(child: ChildProcess, message: ToGitHub): Promise<unknown> {
  const answered = once(child, 'message');
  child.send(message);
  const [answer] = await answered;
  return answer;
}

function firstLine({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => stdout && createInterface(stdout).once('line', resolve));
}
