import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Seed } from '../../src/local-github/seed/seed.ts';
import { startLocalGitHub } from '../../src/local-github/server.ts';
import { freePort } from '../../src/rehearse/start-app.ts';
import type { Reads } from '../../src/store/contract/store.ts';
import { openReads } from '../../src/store/sqlite/open.ts';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { endAll, processTree, type SeenProcess } from '../process-tree.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

type RepositorySeed = NonNullable<NonNullable<Seed['organizations']>[number]['repositories']>[number];

/** Like World, but the app is the process that ships: it has the real time and can be killed. */
export async function openProcessWorld(options: {
  files: Readonly<Record<string, string>>;
  repositories: readonly RepositorySeed[];
}) {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-process-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  const port = await freePort();
  const github = await startLocalGitHub({ dataDir: join(folder, 'github') });
  await github.seed(seedOf(options, `http://127.0.0.1:${port}/api/github/webhooks`));
  const processes: Spawned[] = [];
  const stores: { read: Reads; close(): Promise<void> }[] = [];
  onTestFinished(async () => {
    for (const one of processes) await one.endTree();
    for (const store of stores) await store.close();
    await github.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function api(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${github.url}/api/v3/repos/acme/${path}`, {
      method,
      headers: { authorization: `token ${github.tokens.mona}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
  const logFile = join(folder, 'app.log');
  const settingsFile = join(folder, 'operator.yml');
  // Its commands meet the tests in a folder that no box has.
  writeFileSync(settingsFile, 'sandbox: off\n');

  const environment = (inDirectory = dataDir) => ({
    APP_ID: String(github.app.id),
    PRIVATE_KEY_PATH: github.app.privateKeyFile,
    WEBHOOK_SECRET: github.app.webhookSecret,
    GHE_HOST: new URL(github.url).host,
    GHE_PROTOCOL: 'http',
    PORT: String(port),
    FLEET_DATA_DIR: inDirectory,
    FLEET_SETTINGS: settingsFile,
  });

  return {
    folder,
    /** The app's variables, of which some are secret. */
    environment,
    /** Everything that the app's processes wrote. */
    log: () => readFileSync(logFile, 'utf8'),
    dataDir,
    /** The app, once it answers; elsewhere where another data directory is named. */
    async startApp(inDirectory = dataDir, change: Record<string, string> = {}): Promise<Spawned> {
      return startProcess({
        logFile,
        port,
        cwd: folder,
        onSpawn: (spawned) => processes.push(spawned),
        env: { ...environment(inDirectory), ...change },
      });
    },
    /** The store of the app, which must have been started once. */
    async openReads(inDirectory = dataDir): Promise<Reads> {
      const opened = await openReads({ file: join(inDirectory, 'flotilla.db') });
      stores.push(opened);
      return opened.read;
    },
    /** Effects whose outcome on GitHub is not written down. */
    openEffects(): number {
      const handle = new Database(join(dataDir, 'flotilla.db'), { readonly: true });
      try {
        const open = "select count(*) from effects where state in ('intended', 'sent', 'unknown')";
        return z.number().parse(handle.prepare(open).pluck().get());
      } finally {
        handle.close();
      }
    },
    comment: (body: string) => api('POST', 'platform/issues/1/comments', { body }),
    async pulls(repository: string) {
      const listed = await api('GET', `${repository}/pulls?state=all`);
      return z.array(z.object({ number: z.number(), state: z.string() })).parse(listed);
    },
    /** Issues of the control repository that the app opened. */
    async trackingIssues() {
      const issue = z.object({ number: z.number(), state: z.string(), user: z.object({ type: z.string() }) });
      const listed = z.array(issue).parse(await api('GET', 'platform/issues?state=all&per_page=100'));
      return listed.filter(({ user }) => user.type === 'Bot');
    },
    /** What the app answered on an issue. */
    async answers(number: number) {
      const comment = z.object({ body: z.string(), user: z.object({ type: z.string() }) });
      const listed = z.array(comment).parse(await api('GET', `platform/issues/${number}/comments?per_page=100`));
      return listed.filter(({ user }) => user.type === 'Bot');
    },
  };
}

interface Spawned {
  /** SIGKILL, as a crash. What it started goes on. */
  kill(): Promise<number | null>;
  stop(): Promise<number | null>;
  /** Also what it started, and what a kill left behind. */
  endTree(): Promise<void>;
}

async function startProcess(options: {
  logFile: string;
  port: number;
  cwd: string;
  env: Record<string, string>;
  /** Before it answers: a test that ends while it waits has to end it too. */
  onSpawn: (spawned: Spawned) => void;
}): Promise<Spawned> {
  const log = openSync(options.logFile, 'a');
  const child = spawn(process.execPath, [MAIN], {
    cwd: options.cwd,
    env: {
      PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
      ...COMPILE_CACHE,
      ...options.env,
    },
    stdio: ['ignore', log, log],
  });
  let running = true;
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      running = false;
      resolve(code);
    });
  });
  const tree: SeenProcess[] = [];
  const endBy = (signal: NodeJS.Signals) => {
    if (running && child.pid !== undefined) tree.push(...processTree(child.pid));
    child.kill(signal);
    return ended;
  };
  const spawned: Spawned = {
    kill: () => endBy('SIGKILL'),
    stop: () => endBy('SIGTERM'),
    async endTree() {
      await endBy('SIGKILL');
      endAll(tree);
    },
  };
  options.onSpawn(spawned);
  while (running) {
    const health = await fetch(`http://127.0.0.1:${options.port}/healthz`).catch(() => undefined);
    if (health?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (!running) throw new Error(`The app did not start: ${readFileSync(options.logFile, 'utf8')}`);
  return spawned;
}

function seedOf({ files, repositories }: Parameters<typeof openProcessWorld>[0], webhookUrl: string): Seed {
  const platform = { name: 'platform', files: { ...files }, collaborators: { mona: 'admin' as const } };
  const services = repositories.map((one) => ({
    files: { VERSION: '1.0\n' },
    collaborators: { mona: 'write' as const },
    ...one,
  }));
  return {
    // As app.yml has them.
    app: {
      id: 1,
      slug: 'flotilla',
      webhook_url: webhookUrl,
      events: ['issue_comment', 'repository_dispatch', 'issues'],
    },
    users: [{ login: 'mona' }],
    organizations: [
      {
        login: 'acme',
        members: ['mona'],
        repositories: [{ ...platform, issues: [{ title: 'Maintenance', user: 'mona' }] }, ...services],
      },
    ],
  };
}
