import { execFile } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import { z } from 'zod';
import type { Seed } from '../../src/local-github/seed/seed.ts';
import { type LocalGitHub, type LocalGitHubOptions, startLocalGitHub } from '../../src/local-github/server.ts';

const run = promisify(execFile);

interface Answer {
  status: number;
  headers: Headers;
  /** Parsed JSON; the tests look into it with `toMatchObject`. */
  json: unknown;
  text: string;
}

export interface Received {
  headers: IncomingHttpHeaders;
  text: string;
  json: unknown;
}

/** A local GitHub with a person `octocat` (token `octocat`), an onlooker and an app whose webhooks land in `received`. */
export interface World {
  github: LocalGitHub;
  directory: string;
  received: Received[];
  /** What the receiver answers next; default 200. */
  answers: number[];
  api(
    method: string,
    path: string,
    options?: { token?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
  jwt(claims?: { iat?: number; exp?: number; iss?: string }): Promise<string>;
  installationToken(limits?: object): Promise<string>;
  git(...args: string[]): Promise<string>;
  /** Address with credentials. */
  remote(repository: string, token: string): string;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Octocat's user token of the app. */
export const octocatsAppToken = `ghu_${'o'.repeat(36)}`;

export function repositories(...names: string[]) {
  return names.map((name) => ({
    name,
    files: { 'README.md': `# ${name}\n`, 'src/a.txt': 'one\n' },
    collaborators: { octocat: 'admin' as const },
    issues: [{ title: 'First', body: 'Hello', user: 'octocat' }],
  }));
}

export async function givenGitHub(
  organizations: Seed['organizations'],
  options: Partial<LocalGitHubOptions> & { app?: Partial<Seed['app']> } = {},
): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'local-github-test-'));
  const received: Received[] = [];
  const answers: number[] = [];
  const receiver = await startReceiver(received, answers);
  const seed: Seed = {
    app: { id: 7, slug: 'flotilla', webhook_url: urlOf(receiver), webhook_secret: 'secret', ...options.app },
    users: [
      { login: 'octocat', token: 'octocat', app_token: octocatsAppToken },
      { login: 'onlooker', token: 'onlooker' },
      { login: 'chief', token: 'chief' },
    ],
    organizations,
  };
  const start = () => startLocalGitHub({ dataDir: join(directory, 'data'), ...options });
  let github = await start();
  await github.seed(seed);
  const world: World = {
    get github() {
      return github;
    },
    directory,
    received,
    answers,
    api: async (method, path, { token = 'octocat', body, headers = {} } = {}) => {
      const response = await fetch(`${github.url}/api/v3${path}`, {
        method,
        redirect: 'manual',
        headers: { ...(token === '' ? {} : { authorization: `Bearer ${token}` }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
      const json: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
      return { status: response.status, headers: response.headers, json, text };
    },
    jwt: ({ iat, exp, iss = '7' } = {}) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({})
        .setProtectedHeader({ alg: 'RS256' })
        .setIssuer(iss)
        .setIssuedAt(iat ?? now - 30)
        .setExpirationTime(exp ?? now + 540)
        .sign(createPrivateKey(github.app.privateKeyPem));
    },
    installationToken: async (limits) => {
      const path = `/app/installations/${github.app.installationId}/access_tokens`;
      const answer = await world.api('POST', path, { token: await world.jwt(), body: limits });
      return z.object({ token: z.string() }).parse(answer.json).token;
    },
    git: async (...args) =>
      (
        await run('git', ['-c', 'user.name=Test', '-c', 'user.email=t@example.com', ...args], { cwd: directory })
      ).stdout.trim(),
    remote: (repository, token) => `${github.url.replace('//', `//x-access-token:${token}@`)}/${repository}.git`,
    restart: async () => {
      await github.close();
      github = await start();
    },
    close: async () => {
      await github.close();
      receiver.closeAllConnections();
      receiver.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return world;
}

async function startReceiver(received: Received[], answers: number[]): Promise<Server> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString();
      received.push({ headers: request.headers, text, json: JSON.parse(text) });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  return `http://127.0.0.1:${address.port}/hook`;
}

/** The events that arrived, e.g. `issues.opened`. */
export function eventsOf(received: readonly Received[]): string[] {
  return received.map(({ headers, json }) => {
    const { action } = z.looseObject({ action: z.string().optional() }).parse(json);
    return action === undefined ? String(headers['x-github-event']) : `${headers['x-github-event']}.${action}`;
  });
}
