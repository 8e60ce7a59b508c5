import { execFile } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import { z } from 'zod';
import type { GitHubAddress } from '../../test/github/start-github.ts';
import { cpuMs } from './cpu.ts';
import type { BenchWorld } from './open-world.ts';

const SCRIPT = join(import.meta.dirname, '..', 'floor.sh');
const run = promisify(execFile);

export interface FloorRun {
  wallMs: number;
  /** Of the script and of every program that it started. */
  cpuMs: number;
  gitHubCpuMs: number | undefined;
}

/** The same change in the same repositories by `floor.sh`, with a token of the same app, as a job of CI has one. */
export async function runFloor(
  world: BenchWorld,
  options: { repositories: readonly string[]; parallel: number; version: string },
): Promise<FloorRun> {
  const { address, folder, gitHubPid } = world;
  const { repositories, parallel, version } = options;
  const cwd = join(folder, `floor-${version}`);
  mkdirSync(cwd);
  const token = await installationToken(address);
  const before = cpuMs(gitHubPid);
  const start = performance.now();
  const running = run('bash', [SCRIPT], {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: cwd,
      GIT_CONFIG_NOSYSTEM: '1',
      URL: address.url,
      TOKEN: token,
      PARALLEL: String(parallel),
      BRANCH: `floor-${version}`,
      VERSION: version,
    },
  });
  running.child.stdin?.end(`${repositories.join('\n')}\n`);
  const { stdout } = await running;
  const wallMs = performance.now() - start;
  const after = cpuMs(gitHubPid);
  return {
    wallMs,
    cpuMs: timesOf(stdout),
    gitHubCpuMs: after === undefined || before === undefined ? undefined : after - before,
  };
}

async function installationToken({ url, appId, privateKeyFile }: GitHubAddress): Promise<string> {
  const jwt = await new SignJWT()
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(String(appId))
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(createPrivateKey(readFileSync(privateKeyFile)));
  const ask = async (method: string, path: string): Promise<unknown> => {
    const response = await fetch(`${url}/api/v3/app/${path}`, { method, headers: { authorization: `Bearer ${jwt}` } });
    return response.json();
  };
  const [installation] = z.array(z.object({ id: z.number() })).parse(await ask('GET', 'installations'));
  return z.object({ token: z.string() }).parse(await ask('POST', `installations/${installation?.id}/access_tokens`))
    .token;
}

/** Of `times`: two lines, the shell's and its children's, each user and system as `0m1.230s`. */
function timesOf(printed: string): number {
  const all = printed.matchAll(/(\d+)m([\d.]+)s/g);
  return [...all].reduce((sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1000, 0);
}
