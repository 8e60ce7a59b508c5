import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { COMPILE_CACHE } from '../../compile-cache.ts';
import { givenFolder } from '../../rehearse/given-folder.ts';
import type { AppWorld } from '../../story/app-world.ts';
import type { World } from '../../story/world.ts';

const BIN = join(import.meta.dirname, '..', '..', '..', 'bin', 'fleet.js');

export interface ClientOptions {
  env?: Record<string, string>;
  /** Default: a new empty one. */
  cwd?: string;
  /** Default: a new empty one. */
  home?: string;
  input?: string;
}

/** `fleet` as a person starts it against a server, with nothing of this machine's environment but PATH. */
export function client(args: readonly string[], { env = {}, cwd, home, input }: ClientOptions = {}) {
  const child = execa(process.execPath, [BIN, ...args], {
    reject: false,
    extendEnv: false,
    cwd: cwd ?? givenFolder(),
    env: {
      ...COMPILE_CACHE,
      PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
      HOME: home ?? givenFolder(),
      ...env,
    },
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    timeout: 60_000,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Address of the server, as FLEET_URL. */
export const addressOf = (world: AppWorld): string => new URL(world.webhookUrl).origin;

/** The variables of a person who has set a token. */
export const asPerson = (world: World, login = 'mona'): Record<string, string> => ({
  FLEET_URL: addressOf(world),
  FLEET_TOKEN: world.appTokens[login] ?? '',
  FLEET_CONTROL: 'acme/platform',
});

/** Everything that can happen happens, again and again, until the program has ended. */
export async function settledWhile<T>(world: AppWorld, program: PromiseLike<T>): Promise<T> {
  let ended = false;
  const done = Promise.resolve(program).finally(() => {
    ended = true;
  });
  while (!ended) {
    await world.settle();
    await Promise.race([done.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 50))]);
  }
  return done;
}

/** Until the program has written that. Fails when it ends before. */
export async function until(
  program: ReturnType<typeof client>,
  stream: 'stdout' | 'stderr',
  text: string,
): Promise<void> {
  let written = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  program[stream]?.on('data', (chunk: Buffer) => {
    written += chunk.toString();
    if (written.includes(text)) resolve();
  });
  void program.then(({ exitCode, stderr }) =>
    reject(new Error(`It ended with ${exitCode} before it wrote ${text}: ${stderr}`)),
  );
  return promise;
}
