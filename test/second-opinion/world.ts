import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SeedConfig } from 'emulate';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { AppWorld, manualClock } from '../story/app-world.ts';
import { APP, type RunningApp, startApp } from '../story/start-app.ts';
import { type Front, startFront } from './front.ts';
import type { Judge } from './judge.ts';

const INSTALLATION = 4711;
/** Owns the organization and does nothing in a story: for whoever belongs to it, emulate says `admin` everywhere. */
const OWNER = 'olive';

const PERMISSIONS = { contents: 'write', issues: 'write', metadata: 'read', pull_requests: 'write' };
const ROLES = { read: 'pull', write: 'push', admin: 'admin' } as const;

interface RepositoryOptions {
  name: string;
  topics?: readonly string[];
  files?: Readonly<Record<string, string>>;
  collaborators?: Readonly<Record<string, keyof typeof ROLES>>;
}

export interface SecondWorldOptions {
  /** Besides `platform`, of the organization acme; all are private. */
  repositories?: readonly RepositoryOptions[];
  /** Files of acme/platform; `.github/fleet/<name>.yml` are workflows. */
  platform?: Partial<RepositoryOptions>;
  users?: readonly string[];
  /** The operator's settings, YAML. */
  settings?: string;
  /** With which GitHub signs; default: the one that the app knows. */
  secretAtGitHub?: string;
}

/** The app beside emulate. */
export class SecondWorld extends AppWorld {
  readonly front: Front;
  readonly tokens: Readonly<Record<string, string>>;
  readonly installationId = INSTALLATION;

  constructor(
    parts: ConstructorParameters<typeof AppWorld>[0],
    front: Front,
    tokens: Readonly<Record<string, string>>,
  ) {
    super(parts);
    this.front = front;
    this.tokens = tokens;
  }

  override get url(): string {
    return this.front.url;
  }

  override async settle(): Promise<void> {
    for (;;) {
      await this.front.deliveries.idle();
      const before = this.front.requests.length;
      await this.flotilla.engine.tick();
      await this.front.deliveries.idle();
      if (this.front.requests.length === before) return;
    }
  }
}

/** emulate's clock is the machine's, so the world's begins there; after that a test moves it. */
export async function openSecondWorld(options: SecondWorldOptions = {}): Promise<SecondWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-second-'));
  const clock = manualClock(Date.now());
  const users = ['mona', ...(options.users ?? [])];
  const tokens = Object.fromEntries([OWNER, ...users].map((login) => [login, `ghp_${login}${'0'.repeat(30)}`]));
  const repositories: RepositoryOptions[] = [
    {
      name: 'platform',
      files: { 'README.md': '# platform\n' },
      ...options.platform,
      collaborators: { mona: 'admin', ...options.platform?.collaborators },
    },
    ...(options.repositories ?? []).map((one) => ({
      files: { VERSION: '1.0\n' },
      collaborators: { mona: 'write' as const },
      ...one,
    })),
  ];
  const webhookSecret = options.secretAtGitHub ?? APP.webhookSecret;
  const front = await startFront({
    gitRoot: join(folder, 'git'),
    organization: 'acme',
    appSlug: APP.slug,
    webhookSecret,
    people: tokens,
    owner: OWNER,
    seed: (webhookUrl) => seedOf({ tokens, users, repositories, webhookUrl, webhookSecret }),
  });
  let running: RunningApp | undefined;
  onTestFinished(async () => {
    await running?.close();
    await front.close();
    rmSync(folder, { recursive: true, force: true });
  });
  for (const repository of repositories) await fill(front.judge, tokens[OWNER] ?? '', repository);
  const issue = { title: 'Maintenance' };
  await front.judge.create(z.unknown(), tokens.mona ?? '', '/repos/acme/platform/issues', issue);
  running = await startApp({
    githubUrl: front.url,
    dataDir: join(folder, 'data'),
    clock,
    port: 0,
    settings: options.settings,
  });
  front.deliveries.sendTo(running.webhookUrl);
  return new SecondWorld({ folder, clock, running }, front, tokens);
}

function seedOf(parts: {
  tokens: Readonly<Record<string, string>>;
  users: readonly string[];
  repositories: readonly RepositoryOptions[];
  webhookUrl: string;
  webhookSecret: string;
}): SeedConfig {
  return {
    tokens: Object.fromEntries(Object.entries(parts.tokens).map(([login, token]) => [token, { login }])),
    github: {
      users: [OWNER, ...parts.users].map((login) => ({ login })),
      orgs: [{ login: 'acme', members: [{ login: OWNER, role: 'admin' }] }],
      repos: parts.repositories.map(({ name, topics = [] }) => ({
        owner: 'acme',
        name,
        topics,
        private: true,
        auto_init: false,
      })),
      apps: [
        {
          app_id: APP.id,
          slug: APP.slug,
          name: APP.slug,
          private_key: APP.privateKey,
          permissions: PERMISSIONS,
          events: ['issue_comment', 'repository_dispatch'],
          webhook_url: parts.webhookUrl,
          webhook_secret: parts.webhookSecret,
          installations: [{ installation_id: INSTALLATION, account: 'acme', repository_selection: 'all' }],
        },
      ],
    },
  };
}

const made = z.object({ sha: z.string() });

/** The files as the first commit, and who may do what. */
async function fill(judge: Judge, token: string, { name, files = {}, collaborators = {} }: RepositoryOptions) {
  const path = `/repos/acme/${name}`;
  const entries = Object.entries(files).map(([file, content]) => ({
    path: file,
    mode: '100644',
    type: 'blob',
    content,
  }));
  const tree = await judge.create(made, token, `${path}/git/trees`, { tree: entries });
  const first = { message: 'First commit', tree: tree.sha, parents: [] };
  const commit = await judge.create(made, token, `${path}/git/commits`, first);
  await judge.create(z.unknown(), token, `${path}/git/refs`, { ref: 'refs/heads/main', sha: commit.sha });
  for (const [login, role] of Object.entries(collaborators)) {
    await judge.ask(token, 'PUT', `${path}/collaborators/${login}`, { permission: ROLES[role] });
  }
}
