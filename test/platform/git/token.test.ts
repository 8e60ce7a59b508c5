import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskFailure } from '../../../src/core/failures.ts';
import { GitError, redact } from '../../../src/platform/git/git-error.ts';
import { GitHubError } from '../../../src/ports/github-reads.ts';
import { type GitHttpServer, startGitHttpServer } from './git-http-server.ts';
import { filesContaining, type GitWorld, makeGitWorld, NOW, requestFor, write } from './git-world.ts';

let world: GitWorld;
let server: GitHttpServer;
let minted: string[];
let nextTokens: string[];
const token = 'ghs_secretsecretsecret';
const basic = Buffer.from(`x-access-token:${token}`).toString('base64');

beforeEach(async () => {
  minted = [];
  nextTokens = [];
  world = makeGitWorld(() => ({
    gitToken: async (_installation, repositoryId, access, how) => {
      minted.push(`${repositoryId} ${access}${how?.fresh ? ' fresh' : ''}`);
      return nextTokens.shift() ?? token;
    },
    cloneUrl: (name) => `${server.url}/${name}.git`,
  }));
  server = await startGitHttpServer(world.served);
  server.tokens.add(token);
  world.commit({ a: 'a' });
});
afterEach(async () => {
  await server.close();
  world.close();
});

const reasonOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (reason: unknown) => reason,
  );

async function failure(work: Promise<unknown>): Promise<TaskFailure> {
  const error = await reasonOf(work);
  if (!(error instanceof TaskFailure)) throw new Error(`It ended with ${String(error)}.`);
  return error;
}

async function pushed(): Promise<void> {
  const workspace = await world.workspaces.prepare(requestFor());
  write(workspace.tree, 'a', 'b');
  const { tree } = await world.workspaces.snapshot(workspace);
  const author = { name: 'n', email: 'e' };
  const sha = await world.workspaces.commit(workspace, {
    tree,
    parent: workspace.baseSha,
    message: 'm',
    author,
    at: 0,
  });
  const { installationId, repositoryId, repository, branch } = requestFor();
  const push = { installationId, repositoryId, repository, branch, sha, expected: null };
  expect(await world.workspaces.push(workspace, push)).toEqual({ result: 'pushed' });
}

/** Command lines of every live process, sampled until `stop`. */
function watchCommandLines(): { stop(): string[] } {
  const seen = new Set<string>();
  const timer = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (line.includes('git')) seen.add(line);
      } catch {
        // It ended in the meantime.
      }
    }
  }, 2);
  return {
    stop() {
      clearInterval(timer);
      return [...seen];
    },
  };
}

describe('the token', () => {
  it('fetches and pushes over HTTP, minted per repository and access', async () => {
    await pushed();
    expect(new Set(minted)).toEqual(new Set(['101 read', '101 write']));
    expect(server.requests.some((line) => line.includes('git-receive-pack') && line.endsWith(token))).toBe(true);
  });

  it('lies in no file, log line or command line', async () => {
    const watch = process.platform === 'linux' ? watchCommandLines() : null;
    await pushed();
    const lines = watch?.stop() ?? ['git'];
    expect(lines.length).toBeGreaterThan(0);
    for (const secret of [token, basic]) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
      expect(filesContaining(world.dataDir, secret)).toEqual([]);
      expect(world.logged.filter((line) => line.includes(secret))).toEqual([]);
    }
  });

  it('is replaced once by a fresh one when GitHub refuses it', async () => {
    nextTokens = ['expired'];
    await world.workspaces.prepare(requestFor());
    expect(minted.slice(0, 2)).toEqual(['101 read', '101 read fresh']);
  });

  it('ends the task with permission when the fresh one is refused too, and never shows it', async () => {
    server.tokens.clear();
    const error = await failure(world.workspaces.prepare(requestFor()));
    expect(error.category).toBe('permission');
    expect(minted).toHaveLength(2);
    expect(error.message).not.toContain(token);
  });

  it('is taken out of text in every form', () => {
    const text = redact(`a ${token} b ${basic} c https://x:y@host/p`, [basic, token, '']);
    expect(text).toBe('a [redacted] b [redacted] c https://[redacted]@host/p');
  });
});

describe('answers of the server', () => {
  it.each([
    [403, 'permission'],
    [404, 'not_found'],
    [301, 'not_found'],
    [502, 'network'],
  ])('%i means %s', async (status, category) => {
    server.failWith = { status };
    expect((await failure(world.workspaces.prepare(requestFor()))).category).toBe(category);
  });

  it('no answer at all means network', async () => {
    await server.close();
    expect((await failure(world.workspaces.prepare(requestFor()))).category).toBe('network');
  });
});

describe('a limit that git meets', () => {
  const date = new Date(NOW).toUTCString();
  const reset = String((NOW + 300_000) / 1000);
  it.each([
    { status: 429, headers: { 'Retry-After': '120' }, ends: 120_000 },
    { status: 403, headers: { 'retry-after': '120' }, ends: 120_000 },
    { status: 403, headers: { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': reset, date }, ends: 300_000 },
    { status: 403, headers: {}, text: 'You have exceeded a secondary rate limit.', ends: 60_000 },
    { status: 429, headers: {}, ends: 60_000 },
  ])('is told with its end, as one of the API is: $status $headers', async ({ ends, ...answer }) => {
    server.failWith = answer;
    const error = await reasonOf(world.workspaces.prepare(requestFor()));
    expect(error).toBeInstanceOf(GitHubError);
    expect(error).toMatchObject({ kind: 'limited', status: answer.status, retryAt: NOW + ends });
    expect(server.requests, 'it is not asked again').toHaveLength(1);
  });

  it('is told in the words of git and the server alone, without the token in anything that is kept', async () => {
    server.failWith = { status: 429, headers: { 'retry-after': '120' }, text: 'Slow down.' };
    const error = await reasonOf(world.workspaces.prepare(requestFor()));
    if (!(error instanceof GitHubError) || !(error.cause instanceof GitError)) throw error;
    const url = `${server.url}/acme/api.git/`;
    const said = `remote: Slow down.\nfatal: unable to access '${url}': The requested URL returned error: 429`;
    expect(error.message).toBe(`GitHub answered 429 to git ls-remote of acme/api: ${said}`);
    expect(error.cause.stderr).toBe(`${said}\n`);
    expect(Object.keys(error.cause.answer?.headers ?? {}).toSorted()).toEqual(['date', 'retry-after']);
    const kept = [error.message, error.cause.message, JSON.stringify(error.cause), ...world.logged].join('\n');
    expect(kept).not.toContain(token);
    expect(kept).not.toContain(basic);
  });

  it('is none where GitHub answers 403 without a word of one', async () => {
    server.failWith = { status: 403, text: 'Write access to repository not granted.' };
    expect(await reasonOf(world.workspaces.prepare(requestFor()))).toMatchObject({ category: 'permission' });
  });
});
