import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { CommandError } from './command-error.ts';
import { type FullSeed, parseSeed, type Seed } from './seed/seed.ts';
import { type LocalGitHub, startLocalGitHub } from './server.ts';
import { smallWorld, smallWorldCommand } from './small-world.ts';

export interface LocalGitHubCommand {
  port: number;
  /** The data directory. */
  data: string;
  seedFile?: string | undefined;
}

/** Serves until SIGINT or SIGTERM. @param out prints one line @throws CommandError for a broken seed or a taken port */
export async function runLocalGitHub(command: LocalGitHubCommand, out: (line: string) => void): Promise<void> {
  const seed = command.seedFile === undefined ? undefined : await readSeedFile(command.seedFile);
  const github = await start(command, out);
  try {
    const fresh = github.context.state.apps.all().length === 0;
    if (seed !== undefined || fresh) await plant(github, seed ?? smallWorld);
    describe(github, seed === undefined && fresh ? smallWorldCommand : '/fleet help', out);
    await stopSignal();
  } finally {
    await github.close();
  }
}

function start({ data, port }: LocalGitHubCommand, log: (line: string) => void): Promise<LocalGitHub> {
  return startLocalGitHub({ dataDir: resolve(data), port, log }).catch((error: NodeJS.ErrnoException) => {
    switch (error.code) {
      case 'EADDRINUSE':
        throw new CommandError(`Port ${port} is in use; give another --port, or stop what listens there.`);
      case 'EACCES':
      case 'EPERM':
      case 'ENOTDIR':
      case 'EEXIST':
        throw new CommandError(`The local GitHub cannot start: ${error.message}. Give another --data or --port.`);
      default:
        throw error;
    }
  });
}

/** What only shows when it is carried out, such as a folder to copy that holds no repository. */
function plant(github: LocalGitHub, seed: Seed): Promise<void> {
  return github.seed(seed).catch((error: unknown) => {
    throw new CommandError(`The seed cannot be used: ${error instanceof Error ? error.message : error}`);
  });
}

async function parseSeedFile(file: string): Promise<FullSeed> {
  try {
    const written: unknown = parse(await readFile(file, 'utf8'));
    return parseSeed(written);
  } catch (error) {
    throw new CommandError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Relative paths in a seed file start at the file. */
async function readSeedFile(file: string): Promise<Seed> {
  const seed = await parseSeedFile(file);
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

function describe(github: LocalGitHub, command: string, out: (line: string) => void): void {
  const { app, url, tokens, appTokens } = github;
  const host = new URL(url).host;
  out(`Local GitHub   ${url}`);
  out(`App            ${app.slug}, APP_ID=${app.id}`);
  out(`Private key    PRIVATE_KEY_PATH=${app.privateKeyFile}`);
  out(
    `Webhooks       WEBHOOK_SECRET=${app.webhookSecret}, sent to ${app.webhookUrl ?? 'nowhere: the seed has no webhook_url'}`,
  );
  out(`Client         GITHUB_CLIENT_ID=${app.clientId} GITHUB_CLIENT_SECRET=${app.clientSecret}`);
  out(`For the app    GHE_HOST=${host} GHE_PROTOCOL=http`);
  for (const [login, token] of Object.entries(tokens)) out(`Token          ${login} ${token}`);
  for (const [login, token] of Object.entries(appTokens)) out(`FLEET_TOKEN    ${login} ${token}`);
  const example = exampleComment(github, command);
  if (example !== undefined) out(`Try            ${example}`);
}

function exampleComment({ context, url, tokens }: LocalGitHub, command: string): string | undefined {
  const issue = context.state.issues.all()[0];
  const token = Object.values(tokens)[0];
  if (issue === undefined || token === undefined) return undefined;
  const repository = context.state.repositories.need(issue.repositoryId);
  const owner = context.state.accounts.need(repository.ownerId).login;
  const target = `${url}/api/v3/repos/${owner}/${repository.name}/issues/${issue.number}/comments`;
  const body = JSON.stringify({ body: command });
  return `curl -s -H 'Authorization: Bearer ${token}' -d '${body}' ${target}`;
}

function stopSignal(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
}
