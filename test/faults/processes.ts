/** The app as a process of its own, which is killed again and again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { COMPILE_CACHE } from '../compile-cache.ts';
import type { GitHubAddress } from '../github/start-github.ts';
import { ARMED_FILE, type Armed, DEATH_FILE, deathSchema } from './armed.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
const END_WITH_PARENT = new URL('../../src/rehearse/end-with-parent.ts', import.meta.url).href;
const KILL_AT_POINT = new URL('./kill-at-point.ts', import.meta.url).href;
const PATH = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter);

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface AppProcess {
  /** Milliseconds of performance.now(). */
  startedAt: number;
  ended: Promise<Ended>;
  running(): boolean;
  /** Whether it answers; false once it ended. */
  answers(): Promise<boolean>;
  kill(): void;
  /** SIGTERM. */
  stop(): Promise<Ended>;
}

const endOf = (child: ChildProcess): Promise<Ended> =>
  new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));

export interface AppOptions {
  folder: string;
  address: GitHubAddress;
  port: number;
  settingsFile: string;
}

const armedFile = (folder: string) => join(folder, 'armed.json');
const deathFile = (folder: string) => join(folder, 'death.json');

/** Points at which the process that runs, or the next one, dies. In one step: it may be reading. */
export function arm(folder: string, armed: readonly Armed[]): void {
  const file = armedFile(folder);
  writeFileSync(`${file}.new`, JSON.stringify(armed));
  renameSync(`${file}.new`, file);
}

/** The app as it ships, and before it what kills it where it is armed. */
export function startApp({ folder, address, port, settingsFile }: AppOptions, armed: readonly Armed[]): AppProcess {
  arm(folder, armed);
  rmSync(deathFile(folder), { force: true });
  const log = openSync(join(folder, 'app.log'), 'a');
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, '--import', KILL_AT_POINT, MAIN], {
    cwd: folder,
    env: {
      PATH,
      ...COMPILE_CACHE,
      APP_ID: String(address.appId),
      PRIVATE_KEY_PATH: address.privateKeyFile,
      WEBHOOK_SECRET: address.webhookSecret,
      GHE_HOST: new URL(address.url).host,
      GHE_PROTOCOL: 'http',
      PORT: String(port),
      FLEET_DATA_DIR: join(folder, 'data'),
      FLEET_SETTINGS: settingsFile,
      [ARMED_FILE]: armedFile(folder),
      [DEATH_FILE]: deathFile(folder),
    },
    stdio: ['pipe', log, log],
    detached: true,
  });
  closeSync(log);
  child.stdin?.on('error', () => undefined);
  let running = true;
  const ended = endOf(child).then((end) => {
    running = false;
    return end;
  });
  return {
    startedAt: performance.now(),
    ended,
    running: () => running,
    async answers() {
      while (running) {
        const health = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
        if (health?.ok) return true;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return false;
    },
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** At which point the last process killed itself; undefined when it did not. */
export function readDeath(folder: string): Armed | undefined {
  const file = deathFile(folder);
  return existsSync(file) ? deathSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}
