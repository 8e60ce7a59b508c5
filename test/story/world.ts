import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { parseOperatorSettings } from '../../src/core/settings/parse-settings.ts';
import { serve } from '../../src/edge/serve.ts';
import { createFlotilla, type Flotilla } from '../../src/flotilla.ts';
import type { Seed } from '../../src/local-github/seed/seed.ts';
import { type LocalGitHub, startLocalGitHub } from '../../src/local-github/server.ts';
import { createGitHub } from '../../src/platform/github/create-github.ts';
import type { GitHub } from '../../src/ports/github.ts';
import type { FleetRow } from '../../src/store/contract/fleets.ts';
import type { Store } from '../../src/store/contract/store.ts';
import type { TaskRow } from '../../src/store/contract/tasks.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import type { ConfiguredAgent } from '../../src/worker/context.ts';

const APP_ID = 1;

type RepositorySeed = NonNullable<NonNullable<Seed['organizations']>[number]['repositories']>[number];

export interface WorldOptions {
  /** Besides `platform`, of the organization acme. */
  repositories?: readonly RepositorySeed[];
  /** Files of acme/platform; `.github/fleet/<name>.yml` are workflows. */
  platform?: Partial<RepositorySeed>;
  users?: readonly string[];
  /** The operator's settings, YAML. */
  settings?: string;
  agents?: Readonly<Record<string, ConfiguredAgent>>;
}

const issueJson = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  user: z.object({ login: z.string() }),
});
const commentJson = z.object({
  id: z.number(),
  body: z.string(),
  user: z.object({ login: z.string(), type: z.string() }),
});
const pullJson = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  head: z.object({ ref: z.string(), sha: z.string() }),
});

interface Running {
  store: Store;
  flotilla: Flotilla;
  app: GitHub;
  close: () => Promise<void>;
}

/** One person's GitHub with the app beside it, a real server, real git, a real store, and time that a test moves. */
export class World {
  readonly github: LocalGitHub;
  readonly folder: string;
  readonly clock: { now(): number; move(ms: number): void };
  store: Store;
  flotilla: Flotilla;
  /** GitHub as the app sees it. */
  app: GitHub;
  #close: () => Promise<void>;
  readonly #restart: () => Promise<Running>;

  constructor(parts: {
    github: LocalGitHub;
    folder: string;
    clock: World['clock'];
    running: Running;
    restart: () => Promise<Running>;
  }) {
    this.github = parts.github;
    this.folder = parts.folder;
    this.clock = parts.clock;
    this.store = parts.running.store;
    this.flotilla = parts.running.flotilla;
    this.app = parts.running.app;
    this.#close = parts.running.close;
    this.#restart = parts.restart;
  }

  /** Everything that can happen at this moment happens. */
  async settle(): Promise<void> {
    for (;;) {
      await this.github.idle();
      const before = this.github.requests.all().length;
      await this.flotilla.engine.tick();
      await this.github.idle();
      if (this.github.requests.all().length === before) return;
    }
  }

  /** A person comments, and what follows from it happens. Returns the comment's id. */
  async comment(login: string, body: string, at: { repository?: string; issue?: number } = {}): Promise<number> {
    const id = await this.say(login, body, at);
    await this.settle();
    return id;
  }

  /** A person comments. */
  async say(login: string, body: string, at: { repository?: string; issue?: number } = {}): Promise<number> {
    const path = `/repos/acme/${at.repository ?? 'platform'}/issues/${at.issue ?? 1}/comments`;
    return z.object({ id: z.number() }).parse(await this.api(login, 'POST', path, { body })).id;
  }

  async api(login: string, method: string, path: string, body?: object): Promise<unknown> {
    const token = this.github.tokens[login];
    if (token === undefined) throw new Error(`${login} has no token`);
    const response = await fetch(`${this.github.url}/api/v3${path}`, {
      method,
      headers: { authorization: `token ${token}`, accept: 'application/vnd.github+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async issue(number: number, repository = 'platform') {
    return issueJson.parse(await this.api('mona', 'GET', `/repos/acme/${repository}/issues/${number}`));
  }

  /** Issues of the control repository that the app opened, oldest first. */
  async trackingIssues() {
    const path = '/repos/acme/platform/issues?state=all&direction=asc&per_page=100';
    const listed = z.array(issueJson).parse(await this.api('mona', 'GET', path));
    return listed.filter(({ user }) => user.login === 'flotilla[bot]');
  }

  /** What the app answered on an issue, oldest first. */
  async answers(issue = 1, repository = 'platform'): Promise<string[]> {
    const path = `/repos/acme/${repository}/issues/${issue}/comments?per_page=100`;
    const listed = z.array(commentJson).parse(await this.api('mona', 'GET', path));
    return listed.filter(({ user }) => user.type === 'Bot').map(({ body }) => body);
  }

  async reactions(comment: number, repository = 'platform'): Promise<string[]> {
    const path = `/repos/acme/${repository}/issues/comments/${comment}/reactions`;
    return z
      .array(z.object({ content: z.string() }))
      .parse(await this.api('mona', 'GET', path))
      .map(({ content }) => content);
  }

  async pulls(repository: string) {
    const path = `/repos/acme/${repository}/pulls?state=all&per_page=100`;
    return z.array(pullJson).parse(await this.api('mona', 'GET', path));
  }

  /** Text of a file on a branch; undefined when there is none. */
  async file(repository: string, path: string, ref: string): Promise<string | undefined> {
    const url = `${this.github.url}/api/v3/repos/acme/${repository}/contents/${path}?ref=${encodeURIComponent(ref)}`;
    const headers = { authorization: `token ${this.github.tokens.mona}`, accept: 'application/vnd.github.raw+json' };
    const response = await fetch(url, { headers });
    return response.ok ? response.text() : undefined;
  }

  /** CI's way in, as a person or, without a login, as a bot with a token of its own. */
  async dispatch(payload: object, login?: string): Promise<void> {
    const platform = z.object({ id: z.number() }).parse(await this.api('mona', 'GET', '/repos/acme/platform'));
    const { installationId } = this.github.app;
    const token =
      login === undefined ? await this.app.gitToken(installationId, platform.id, 'write') : this.github.tokens[login];
    const response = await fetch(`${this.github.url}/api/v3/repos/acme/platform/dispatches`, {
      method: 'POST',
      headers: { authorization: `token ${token}` },
      body: JSON.stringify({ event_type: 'fleet', client_payload: payload }),
    });
    if (!response.ok) throw new Error(`dispatch: ${response.status} ${await response.text()}`);
    await this.settle();
  }

  /** What GitHub sent so far, newest first. */
  deliveries() {
    return this.github.context.state.deliveries.list(APP_ID, 100);
  }

  /** GitHub sends a delivery once more, with the same id. */
  async redeliver(id: number): Promise<void> {
    const { state, webhooks } = this.github.context;
    const delivery = state.deliveries.get(id);
    if (delivery === undefined) throw new Error(`There is no delivery ${id}.`);
    webhooks.redeliver(state.apps.need(APP_ID), delivery);
    await this.settle();
  }

  /** A new branch at the head of main. */
  async branch(repository: string, name: string): Promise<void> {
    const main = await this.api('mona', 'GET', `/repos/acme/${repository}/git/ref/heads/main`);
    const { sha } = z.object({ object: z.object({ sha: z.string() }) }).parse(main).object;
    await this.api('mona', 'POST', `/repos/acme/${repository}/git/refs`, { ref: `refs/heads/${name}`, sha });
  }

  /** From now on the person can only read there. */
  demote(login: string, repository: string): void {
    const { state } = this.github.context;
    const person = state.accounts.find((account) => account.login === login);
    const found = state.repositories.find(({ name }) => name === repository);
    if (person === undefined || found === undefined) throw new Error(`There is no ${login} or ${repository}.`);
    state.repositories.update(found.id, { collaborators: { ...found.collaborators, [person.id]: 'read' } });
  }

  /** A person commits one file to a branch through the contents API. */
  async commit(login: string, repository: string, path: string, text: string, branch: string): Promise<void> {
    const known = await this.api(login, 'GET', `/repos/acme/${repository}/contents/${path}?ref=${branch}`).catch(
      () => undefined,
    );
    const sha = z.object({ sha: z.string() }).safeParse(known).data?.sha;
    await this.api(login, 'PUT', `/repos/acme/${repository}/contents/${path}`, {
      message: `Change ${path}`,
      content: Buffer.from(text).toString('base64'),
      branch,
      ...(sha === undefined ? {} : { sha }),
    });
  }

  /** Every fleet, oldest first. */
  async fleets(): Promise<FleetRow[]> {
    return this.store.read.fleets.all();
  }

  async fleet(): Promise<FleetRow> {
    const newest = (await this.fleets()).at(-1);
    if (newest === undefined) throw new Error('There is no fleet.');
    return newest;
  }

  /** Of the newest fleet, in plan order. */
  async tasks(fleet?: FleetRow): Promise<TaskRow[]> {
    return this.store.read.tasks.ofFleet((fleet ?? (await this.fleet())).id);
  }

  /** The process ends without a goodbye and another one starts on the same data. */
  async crashAndRestart(): Promise<void> {
    await this.#close();
    const running = await this.#restart();
    this.store = running.store;
    this.flotilla = running.flotilla;
    this.app = running.app;
    this.#close = running.close;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const SECRET = 'a secret of this test alone';

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-story-'));
  const keyFile = join(folder, 'key.pem');
  writeFileSync(keyFile, key);
  let now = Date.UTC(2026, 4, 4, 9, 0, 0);
  const clock = {
    now: () => now,
    move: (ms: number) => {
      now += ms;
    },
  };
  const github = await startLocalGitHub({ dataDir: join(folder, 'github'), now: clock.now });
  const dataDir = join(folder, 'data');
  let port = 0;
  const start = async () => {
    const running = await startApp({ github, dataDir, clock, options, port });
    port = Number(new URL(running.url).port);
    return running;
  };
  const running = await start();
  await github.seed(seedOf(options, keyFile, `${running.url}/api/github/webhooks`));
  const world = new World({ github, folder, clock, running, restart: start });
  onTestFinished(async () => {
    await world.close();
    await github.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return world;
}

async function startApp(parts: {
  github: LocalGitHub;
  dataDir: string;
  clock: World['clock'];
  options: WorldOptions;
  port: number;
}) {
  const { github, dataDir, clock, options } = parts;
  const parsed = parseOperatorSettings(options.settings ?? '', 'operator.yml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const log = pino({ level: 'silent' });
  mkdirSync(dataDir, { recursive: true });
  const store = await openStore({ file: join(dataDir, 'flotilla.db'), log });
  const apiUrl = `${github.url}/api/v3`;
  const app = createGitHub({ appId: APP_ID, privateKey: key, apiUrl, webUrl: github.url, log, clock });
  const flotilla = await createFlotilla({
    store,
    github: app,
    clock,
    log,
    settings: parsed.value,
    configuredAgents: options.agents ?? {},
    dataDir,
    childPath: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
  });
  const served = await serve({
    host: '127.0.0.1',
    port: parts.port,
    appId: APP_ID,
    privateKey: key,
    webhookSecret: SECRET,
    apiUrl,
    log,
    app: flotilla.app,
  });
  const close = async () => {
    await served.close();
    await flotilla.engine.drain(0);
    await store.close();
  };
  return { store, flotilla, app, url: served.url, close };
}

function seedOf(options: WorldOptions, keyFile: string, webhookUrl: string): Seed {
  const users = ['mona', ...(options.users ?? [])];
  return {
    app: { id: APP_ID, slug: 'flotilla', webhook_url: webhookUrl, webhook_secret: SECRET, private_key_file: keyFile },
    users: users.map((login) => ({ login })),
    organizations: [
      {
        login: 'acme',
        members: users,
        repositories: [
          {
            name: 'platform',
            files: { 'README.md': '# platform\n' },
            issues: [{ title: 'Maintenance', user: 'mona' }],
            ...options.platform,
            collaborators: { mona: 'admin', ...options.platform?.collaborators },
          },
          ...(options.repositories ?? []).map((repository) => ({
            files: { VERSION: '1.0\n' },
            collaborators: { mona: 'write' as const },
            ...repository,
          })),
        ],
      },
    ],
  };
}
