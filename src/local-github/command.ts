import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { parseSeed, type Seed } from './seed/seed.ts';
import { type LocalGitHub, startLocalGitHub } from './server.ts';

export interface LocalGitHubCommand {
  port: number;
  /** The data directory. */
  data: string;
  seedFile?: string | undefined;
}

/** What a person finds who starts it without a seed. */
const smallWorld: Seed = {
  app: { id: 1, slug: 'flotilla', webhook_url: 'http://127.0.0.1:3000/api/github/webhooks' },
  users: [{ login: 'octocat' }],
  organizations: [
    {
      login: 'acme',
      members: ['octocat'],
      repositories: [
        {
          name: 'platform',
          collaborators: { octocat: 'admin' },
          files: { 'README.md': '# platform\n' },
          issues: [{ title: 'Maintenance', body: 'Commands to the fleet are given here.', user: 'octocat' }],
        },
      ],
    },
  ],
};

/** Serves until SIGINT or SIGTERM. @param out prints one line @throws Error for a broken seed or a taken port */
export async function runLocalGitHub(command: LocalGitHubCommand, out: (line: string) => void): Promise<void> {
  const seed = command.seedFile === undefined ? undefined : await readSeedFile(command.seedFile);
  const github = await startLocalGitHub({ dataDir: resolve(command.data), port: command.port, log: out });
  try {
    const fresh = github.context.state.apps.all().length === 0;
    if (seed !== undefined || fresh) await github.seed(seed ?? smallWorld);
    describe(github, out);
    await stopSignal();
  } finally {
    await github.close();
  }
}

/** Relative paths in a seed file start at the file. */
async function readSeedFile(file: string): Promise<Seed> {
  const written: unknown = parse(await readFile(file, 'utf8'));
  const seed = parseSeed(written);
  const at = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : resolve(dirname(file), path);
  return {
    ...seed,
    ...(seed.app === undefined ? {} : { app: { ...seed.app, private_key_file: at(seed.app.private_key_file) } }),
    organizations: seed.organizations.map((organization) => ({
      ...organization,
      repositories: organization.repositories.map((repository) => ({ ...repository, from: at(repository.from) })),
    })),
  };
}

function describe(github: LocalGitHub, out: (line: string) => void): void {
  const { app, url, tokens } = github;
  const host = new URL(url).host;
  out(`Local GitHub   ${url}`);
  out(`App            ${app.slug}, APP_ID=${app.id}`);
  out(`Private key    PRIVATE_KEY_PATH=${app.privateKeyFile}`);
  out(
    `Webhooks       WEBHOOK_SECRET=${app.webhookSecret}, sent to ${app.webhookUrl ?? 'nowhere: the seed has no webhook_url'}`,
  );
  out(`For the app    GHE_HOST=${host} GHE_PROTOCOL=http`);
  for (const [login, token] of Object.entries(tokens)) out(`Token          ${login} ${token}`);
  const example = exampleComment(github);
  if (example !== undefined) out(`Try            ${example}`);
}

function exampleComment({ context, url, tokens }: LocalGitHub): string | undefined {
  const issue = context.state.issues.all()[0];
  const token = Object.values(tokens)[0];
  if (issue === undefined || token === undefined) return undefined;
  const repository = context.state.repositories.need(issue.repositoryId);
  const owner = context.state.accounts.need(repository.ownerId).login;
  const target = `${url}/api/v3/repos/${owner}/${repository.name}/issues/${issue.number}/comments`;
  const body = JSON.stringify({ body: '/fleet help' });
  return `curl -s -H 'Authorization: Bearer ${token}' -d '${body}' ${target}`;
}

function stopSignal(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
}
