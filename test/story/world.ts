import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Seed } from '../../src/local-github/seed/seed.ts';
import { type LocalGitHub, startLocalGitHub } from '../../src/local-github/server.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import type { Workspaces } from '../../src/ports/workspace.ts';
import type { ConfiguredAgent } from '../../src/worker/context.ts';
import { AppWorld, type ManualClock, manualClock } from './app-world.ts';
import { APP, type RunningApp, startApp } from './start-app.ts';

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
  /** See AppOptions. */
  sandbox?: Sandbox;
  /** See AppOptions. */
  journalAfterMs?: number;
  /** See AppOptions. */
  requestTimeoutMs?: number;
  /** In place of clones; see AppOptions. */
  workspaces?: (github: LocalGitHub) => Workspaces;
  /** See AppOptions. */
  notifier?: Notifier;
  limits?: Seed['limits'];
  /** Of the app; default: those of app.yml. */
  permissions?: NonNullable<Seed['app']>['permissions'];
  /** See LocalGitHubOptions. */
  requestsKept?: number;
  /** See AppOptions. */
  logged?: (line: string) => void;
  /** With which GitHub signs; default: the one that the app knows. */
  secretAtGitHub?: string;
}

/** One person's GitHub with the app beside it, a real server, real git, a real store, and time that a test moves. */
export class World extends AppWorld {
  readonly github: LocalGitHub;
  readonly #restart: () => Promise<RunningApp>;

  constructor(parts: {
    github: LocalGitHub;
    folder: string;
    clock: ManualClock;
    running: RunningApp;
    restart: () => Promise<RunningApp>;
  }) {
    super(parts);
    this.github = parts.github;
    this.#restart = parts.restart;
  }

  override get url(): string {
    return this.github.url;
  }

  override get tokens(): Readonly<Record<string, string>> {
    return this.github.tokens;
  }

  /** Login → user token of the app, as `fleet login` gets one. */
  get appTokens(): Readonly<Record<string, string>> {
    return this.github.appTokens;
  }

  override get installationId(): number {
    return this.github.app.installationId;
  }

  override async settle(): Promise<void> {
    for (;;) {
      await this.github.idle();
      const before = this.github.requests.all().length;
      await this.flotilla.engine.tick();
      await this.github.idle();
      if (this.github.requests.all().length === before) return;
    }
  }

  /** What GitHub sent so far, newest first. */
  deliveries() {
    return this.github.context.state.deliveries.list(APP.id, 100);
  }

  /** GitHub sends a delivery once more, with the same id. */
  async redeliver(id: number): Promise<void> {
    const { state, webhooks } = this.github.context;
    const delivery = state.deliveries.get(id);
    if (delivery === undefined) throw new Error(`There is no delivery ${id}.`);
    webhooks.redeliver(state.apps.need(APP.id), delivery);
    await this.settle();
  }

  /** From now on the person can only read there. */
  demote(login: string, repository: string): void {
    const { state } = this.github.context;
    const person = state.accounts.find((account) => account.login === login);
    const found = state.repositories.find(({ name }) => name === repository);
    if (person === undefined || found === undefined) throw new Error(`There is no ${login} or ${repository}.`);
    state.repositories.update(found.id, { collaborators: { ...found.collaborators, [person.id]: 'read' } });
  }

  /** The process ends without a goodbye and another one starts on the same data. */
  async crashAndRestart(): Promise<void> {
    await this.crash();
    await this.restart();
  }

  /** Until the restart GitHub cannot deliver anything, and nothing can be read from the store. */
  crash(): Promise<void> {
    return this.running.close();
  }

  async restart(): Promise<void> {
    this.running = await this.#restart();
  }
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-story-'));
  const keyFile = join(folder, 'key.pem');
  writeFileSync(keyFile, APP.privateKey);
  const clock = manualClock(Date.UTC(2026, 4, 4, 9, 0, 0));
  const { requestsKept = 10_000 } = options;
  const github = await startLocalGitHub({ dataDir: join(folder, 'github'), now: clock.now, requestsKept });
  let port = 0;
  const start = async () => {
    const { settings, agents, sandbox, journalAfterMs, requestTimeoutMs, notifier, logged } = options;
    const kept = {
      settings,
      agents,
      sandbox,
      journalAfterMs,
      requestTimeoutMs,
      notifier,
      logged,
      workspaces: options.workspaces?.(github),
      client: { id: APP.clientId, secret: APP.clientSecret },
    };
    const running = await startApp({ githubUrl: github.url, dataDir: join(folder, 'data'), clock, port, ...kept });
    port = running.port;
    return running;
  };
  const running = await start();
  await github.seed(seedOf(options, keyFile, running.webhookUrl));
  const world = new World({ github, folder, clock, running, restart: start });
  onTestFinished(async () => {
    await world.close();
    await github.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return world;
}

/** Of the form that GitHub gives a user token of an app. */
const appToken = (login: string): string => `ghu_${login.replaceAll('-', '').padEnd(36, 'x').slice(0, 36)}`;

function seedOf(options: WorldOptions, keyFile: string, webhookUrl: string): Seed {
  const users = ['mona', ...(options.users ?? [])];
  return {
    app: {
      id: APP.id,
      slug: APP.slug,
      webhook_url: webhookUrl,
      webhook_secret: options.secretAtGitHub ?? APP.webhookSecret,
      private_key_file: keyFile,
      client_id: APP.clientId,
      client_secret: APP.clientSecret,
      ...(options.permissions === undefined ? {} : { permissions: options.permissions }),
    },
    users: users.map((login) => ({ login, app_token: appToken(login) })),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
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
