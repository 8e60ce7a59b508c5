import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { getCompileCacheDir } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { RehearseError } from './options.ts';

export interface StartedApp {
  /** Of the process; undefined when it could not be started. */
  pid: number | undefined;
  /** Resolves when the process ended, with a sentence about how. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const END_WITH_PARENT = new URL('./end-with-parent.ts', import.meta.url).href;
/** As `npm start`: V8 takes what the machine has, and every start of a program costs the more the more memory ours holds. */
const NODE_OPTIONS = ['--max-semi-space-size=4', '--heap-growing-percent=30', '--optimize-for-size'];
const START_MS = 20_000;

/** The app as it ships, as a process of its own, told everything by its environment. */
export async function startApp(options: {
  port: number;
  gitHubUrl: string;
  appId: number;
  privateKeyFile: string;
  webhookSecret: string;
  dataDir: string;
  settingsFile: string;
  logFile: string;
  /** PATH of the app and of its children. */
  path: string;
  /** Of this environment, for its agents. */
  variables: Readonly<Record<string, string>>;
}): Promise<StartedApp> {
  const log = await open(options.logFile, 'a', 0o600);
  await log.chmod(0o600);
  const cacheOfOurs = getCompileCacheDir();
  const child = spawn(process.execPath, [...NODE_OPTIONS, '--import', END_WITH_PARENT, MAIN], {
    cwd: options.dataDir,
    // Nothing else of this environment: a configured GitHub App must not leak into a rehearsal.
    env: {
      ...options.variables,
      // This Node first, so that `node` in a workflow is the one that runs the rehearsal.
      PATH: `${dirname(process.execPath)}:${options.path}`,
      APP_ID: String(options.appId),
      PRIVATE_KEY_PATH: options.privateKeyFile,
      WEBHOOK_SECRET: options.webhookSecret,
      GHE_HOST: new URL(options.gitHubUrl).host,
      GHE_PROTOCOL: 'http',
      HOST: '127.0.0.1',
      PORT: String(options.port),
      FLEET_DATA_DIR: options.dataDir,
      FLEET_SETTINGS: options.settingsFile,
      MALLOC_ARENA_MAX: '1',
      // Where this process keeps its compiled modules, if it does: the folder that it made there is its own version's.
      NODE_COMPILE_CACHE: cacheOfOurs && dirname(cacheOfOurs),
    },
    stdio: ['pipe', log.fd, log.fd],
    // Its own group, so that a terminal's Ctrl-C reaches us alone and the app is stopped in order.
    detached: true,
  });
  // It may end before us, which is no failure of the pipe.
  child.stdin?.on('error', () => undefined);
  await log.close();
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? `status ${code}`}`));
  });
  const app = { pid: child.pid, ended, stop: () => stop(child, ended) };
  await untilHealthy(options, app);
  return app;
}

async function untilHealthy({ port, logFile }: { port: number; logFile: string }, app: StartedApp): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const how = await Promise.race([app.ended, healthy(port)]);
    if (how === true) return;
    if (typeof how === 'string' || Date.now() > deadline) {
      await app.stop();
      throw new RehearseError(`The app did not start (${how || 'no answer'}). Its log: ${logFile}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function healthy(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(late);
}

/** A port that is free now; the app takes it a moment later. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
