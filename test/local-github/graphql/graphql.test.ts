import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { mintInstallationToken } from '../../../src/local-github/access/tokens.ts';
import { type LocalGitHub, startLocalGitHub } from '../../../src/local-github/server.ts';

let folder: string;
let github: LocalGitHub;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graphql-'));
  github = await startLocalGitHub({ dataDir: folder });
  await github.seed({
    app: {
      slug: 'flotilla',
      permissions: { metadata: 'read', contents: 'read', issues: 'read', pull_requests: 'read' },
    },
    users: [
      { login: 'mona', token: 'mona-token' },
      { login: 'monalisa', token: 'monalisa-token' },
      { login: 'outsider', token: 'outsider-token' },
    ],
    organizations: [
      {
        login: 'acme',
        members: ['mona', 'monalisa'],
        repositories: [
          {
            name: 'api',
            topics: ['platform-my-app'],
            collaborators: { monalisa: 'write' },
            files: { 'README.md': '# API\n', 'src/logo.bin': 'a\0b', 'src/index.js': 'export {};\n' },
            issues: [{ title: 'First', body: 'The **body**', user: 'mona' }],
          },
          { name: 'empty' },
          { name: 'open', visibility: 'public' },
        ],
      },
    ],
  });
  await branchWithPull('fleet/bump');
});

afterAll(async () => {
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

async function rest(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${github.url}/api/v3${path}`, {
    method,
    headers: { authorization: 'token monalisa-token', 'user-agent': 'test', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return response.json();
}

async function branchWithPull(branch: string): Promise<void> {
  const main = z
    .object({ object: z.object({ sha: z.string() }) })
    .parse(await rest('GET', '/repos/acme/api/git/ref/heads/main'));
  await rest('POST', '/repos/acme/api/git/refs', { ref: `refs/heads/${branch}`, sha: main.object.sha });
  const content = Buffer.from('changed\n').toString('base64');
  await rest('PUT', '/repos/acme/api/contents/CHANGES.md', { message: 'Change', content, branch });
  await rest('POST', '/repos/acme/api/pulls', { title: 'Bump', head: branch, base: 'main', body: 'Why' });
}

const answer = z.object({
  data: z.any().optional(),
  errors: z.array(z.looseObject({ message: z.string() })).optional(),
});

async function ask(query: string, token?: string, variables: Record<string, unknown> = {}) {
  const response = await fetch(`${github.url}/api/graphql`, {
    method: 'POST',
    headers: { authorization: `bearer ${token ?? appToken()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  expect(response.status).toBe(200);
  return answer.parse(await response.json());
}

function appToken(permissions: Record<string, 'read' | 'write'> | null = null): string {
  const { state } = github.context;
  const installation = state.installations.need(github.app.installationId);
  return mintInstallationToken(state, installation, { permissions, repositoryIds: null }).token;
}

test('many repositories are asked for a permission in one request, by aliases and variables', async () => {
  const { data, errors } = await ask(
    `query ($login: String!) {
      a: repository(owner: "acme", name: "api") { databaseId ...who }
      b: repository(owner: "ACME", name: "Empty") { isEmpty defaultBranchRef { name } ...who }
    }
    fragment who on Repository {
      nameWithOwner visibility isArchived
      collaborators(login: $login, first: 1) { edges { permission node { databaseId login } } }
    }`,
    undefined,
    { login: 'Monalisa' },
  );
  expect(errors).toBeUndefined();
  const node = { databaseId: expect.any(Number), login: 'monalisa' };
  expect(data).toEqual({
    a: {
      databaseId: expect.any(Number),
      nameWithOwner: 'acme/api',
      visibility: 'PRIVATE',
      isArchived: false,
      collaborators: { edges: [{ permission: 'WRITE', node }] },
    },
    b: {
      isEmpty: true,
      defaultBranchRef: null,
      nameWithOwner: 'acme/empty',
      visibility: 'PRIVATE',
      isArchived: false,
      collaborators: { edges: [{ permission: 'READ', node }] },
    },
  });
});

test('login is exact, query finds everyone whose login begins so, and a stranger is no collaborator', async () => {
  const logins = async (filter: string) => {
    const { data } = await ask(
      `{ repository(owner: "acme", name: "api") { collaborators(${filter}, first: 10) { nodes { login } } } }`,
    );
    return z
      .array(z.object({ login: z.string() }))
      .parse(data.repository.collaborators.nodes)
      .map(({ login }) => login);
  };
  expect(await logins('login: "mona"')).toEqual(['mona']);
  expect(await logins('query: "mona"')).toEqual(['mona', 'monalisa']);
  expect(await logins('login: "outsider"')).toEqual([]);
});

test('a person without push access gets no collaborators, and the rest of the answer', async () => {
  const query = '{ repository(owner: "acme", name: "api") { name collaborators(first: 1) { totalCount } } }';
  expect(await ask(query, 'mona-token')).toEqual({
    data: { repository: { name: 'api', collaborators: null } },
    errors: [
      {
        type: 'FORBIDDEN',
        path: ['repository', 'collaborators'],
        locations: [{ line: 1, column: 49 }],
        message: 'You do not have permission to view repository collaborators.',
      },
    ],
  });
});

test('an invisible repository is null with NOT_FOUND and its path; the others are answered', async () => {
  const query =
    '{ hidden: repository(owner: "acme", name: "api") { name } open: repository(owner: "acme", name: "open") { name } }';
  const { data, errors } = await ask(query, 'outsider-token');
  expect(data).toEqual({ hidden: null, open: { name: 'open' } });
  expect(errors).toMatchObject([
    {
      type: 'NOT_FOUND',
      path: ['hidden'],
      message: "Could not resolve to a Repository with the name 'acme/api'.",
    },
  ]);
});

test('files are read by expression; binary ones have no text and missing ones are null', async () => {
  const { data, errors } = await ask(`{ repository(owner: "acme", name: "api") {
    readme: object(expression: "HEAD:README.md") { __typename ... on Blob { text byteSize isBinary } }
    logo: object(expression: "main:src/logo.bin") { ... on Blob { text isBinary } }
    folder: object(expression: "HEAD:src") { ... on Tree { entries { name type } } }
    missing: object(expression: "HEAD:nothing.yml") { id }
    odd: object(expression: "--help") { id }
    defaultBranchRef { name prefix target { oid ... on Commit { messageHeadline } } }
  } }`);
  expect(errors).toBeUndefined();
  expect(data.repository).toEqual({
    readme: { __typename: 'Blob', text: '# API\n', byteSize: 6, isBinary: false },
    logo: { text: null, isBinary: true },
    folder: {
      entries: [
        { name: 'index.js', type: 'blob' },
        { name: 'logo.bin', type: 'blob' },
      ],
    },
    missing: null,
    odd: null,
    defaultBranchRef: {
      name: 'main',
      prefix: 'refs/heads/',
      target: { oid: expect.stringMatching(/^[0-9a-f]{40}$/), messageHeadline: expect.any(String) },
    },
  });
});

test('pull requests are found by branch and state; an id above 2³¹ is only in fullDatabaseId', async () => {
  const { data, errors } = await ask(`{ repository(owner: "acme", name: "api") {
    mine: pullRequests(headRefName: "fleet/bump", states: [OPEN], first: 5) {
      totalCount nodes { number state title body headRefName headRefOid baseRefName author { login __typename } mergedAt }
    }
    merged: pullRequests(headRefName: "fleet/bump", states: [MERGED], first: 5) { totalCount }
    issue(number: 1) { title body state databaseId fullDatabaseId author { login } comments(first: 1) { totalCount } }
  } }`);
  expect(errors).toBeUndefined();
  expect(data.repository).toMatchObject({
    mine: {
      totalCount: 1,
      nodes: [
        {
          number: 2,
          state: 'OPEN',
          title: 'Bump',
          body: 'Why',
          headRefName: 'fleet/bump',
          baseRefName: 'main',
          author: { login: 'monalisa', __typename: 'User' },
          mergedAt: null,
        },
      ],
    },
    merged: { totalCount: 0 },
    issue: { title: 'First', body: 'The **body**', state: 'OPEN', databaseId: null, author: { login: 'mona' } },
  });
  expect(Number(data.repository.issue.fullDatabaseId)).toBeGreaterThan(2 ** 31);
});

test('a token without the permission gets FORBIDDEN for the field', async () => {
  const query =
    '{ repository(owner: "acme", name: "api") { issue(number: 1) { title } object(expression: "HEAD") { oid } } }';
  const { data, errors } = await ask(query, appToken({ metadata: 'read', issues: 'read' }));
  expect(data).toEqual({ repository: { issue: { title: 'First' }, object: null } });
  expect(errors).toMatchObject([
    { type: 'FORBIDDEN', path: ['repository', 'object'], message: 'Resource not accessible by integration' },
  ]);
});

test('lists are paged by cursors and refuse to be asked without bounds or above 100', async () => {
  const list = (args: string) =>
    ask(
      `{ repository(owner: "acme", name: "api") { collaborators(${args}) { nodes { login } pageInfo { hasNextPage endCursor } } } }`,
    );
  const first = (await list('first: 1')).data.repository.collaborators;
  expect(first).toMatchObject({ nodes: [{ login: 'mona' }], pageInfo: { hasNextPage: true } });
  const second = (await list(`first: 1, after: "${first.pageInfo.endCursor}"`)).data.repository.collaborators;
  expect(second).toMatchObject({ nodes: [{ login: 'monalisa' }], pageInfo: { hasNextPage: false } });
  expect((await list('query: "m"')).errors).toMatchObject([{ type: 'MISSING_PAGINATION_BOUNDARIES' }]);
  expect((await list('first: 101')).errors).toMatchObject([{ type: 'EXCESSIVE_PAGINATION' }]);
  expect((await list('first: 1, after: "x"')).errors).toMatchObject([{ type: 'INVALID_CURSOR_ARGUMENTS' }]);
});

test('a document that does not fit the schema is refused with the field at fault and without data', async () => {
  const unknown = await ask('{ repository(owner: "acme", name: "api") { nmae } }');
  expect(unknown.data).toBeUndefined();
  expect(unknown.errors?.[0]?.message).toContain('Cannot query field "nmae" on type "Repository"');
  expect((await ask('{ viewer {')).errors?.[0]?.message).toMatch(/^Syntax Error/);
});

test('a field that the schema has and the local GitHub has not is an error, not a silent null', async () => {
  const { errors } = await ask('{ repository(owner: "acme", name: "api") { stargazerCount } }');
  expect(errors?.[0]?.message).toBe('The local GitHub does not answer Repository.stargazerCount');
});

test('the viewer is who asks, and the rate limit counts each request', async () => {
  expect((await ask('{ viewer { login databaseId } }', 'mona-token')).data.viewer.login).toBe('mona');
  const { viewer, rateLimit } = (await ask('{ viewer { login } rateLimit { limit remaining cost } }')).data;
  expect(viewer.login).toBe('flotilla[bot]');
  const again = (await ask('{ rateLimit { remaining } }')).data.rateLimit;
  expect(again.remaining).toBe(rateLimit.remaining - 1);
});

test('nodes are found by their global id, unknown ones are null with NOT_FOUND', async () => {
  const { id } = (await ask('{ repository(owner: "acme", name: "api") { id } }')).data.repository;
  const { data, errors } = await ask(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Repository { name } } }',
    undefined,
    {
      ids: [id, 'R_nothing'],
    },
  );
  expect(data.nodes).toEqual([{ name: 'api' }, null]);
  expect(errors).toMatchObject([{ type: 'NOT_FOUND', path: ['nodes', 1] }]);
});

test('without credentials the door is closed, and broken JSON has a status of its own', async () => {
  const post = async (headers: Record<string, string>, body: string) =>
    (await fetch(`${github.url}/api/graphql`, { method: 'POST', headers, body })).status;
  expect(await post({}, '{"query":"{ viewer { login } }"}')).toBe(401);
  expect(await post({ authorization: 'bearer wrong' }, '{}')).toBe(401);
  expect(await post({ authorization: 'bearer mona-token' }, '{')).toBe(400);
});
