import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Repository } from '../../../src/core/plan.ts';
import { api, connect, graphql, INSTALLATION, mintTokens, NOW } from './fixtures.ts';

beforeEach(() => {
  nock.disableNetConnect();
  mintTokens();
});
afterEach(() => nock.cleanAll());

const ADA = { id: 5, login: 'ada' };

function repositories(count: number): Repository[] {
  return Array.from({ length: count }, (_, n) => ({
    id: 100 + n,
    fullName: `acme/r${n}`,
    ownerLogin: 'acme',
    name: `r${n}`,
    visibility: 'private',
    archived: false,
    disabled: false,
    fork: false,
    hasIssues: true,
    defaultBranch: 'main',
    topics: [],
    customProperties: {},
  }));
}

const question = z.object({ query: z.string(), variables: z.record(z.string(), z.string()) });

const edge = (permission: string, databaseId = ADA.id) => ({ edges: [{ permission, node: { databaseId } }] });
const target = (
  databaseId: number,
  collaborators: unknown,
  defaultBranchRef: unknown = { target: { oid: 'abc' } },
) => ({
  databaseId,
  collaborators,
  defaultBranchRef,
});
const rest = (name: string) => api().get(`/repos/acme/${name}/collaborators/ada/permission`);
const ask = (count: number) => connect().reads(INSTALLATION).targetFacts(repositories(count), ADA);

test('one query answers for many, and no value is part of its text', async () => {
  let asked: z.infer<typeof question> | undefined;
  graphql()
    .post('/graphql', (body: unknown) => {
      asked = question.parse(body);
      return true;
    })
    .reply(200, { data: { r0: target(100, edge('WRITE')), r1: target(101, edge('READ')) } });
  expect(await ask(2)).toEqual(
    new Map([
      [100, { permission: 'write', empty: false }],
      [101, { permission: 'read', empty: false }],
    ]),
  );
  expect(asked?.variables).toEqual({ login: 'ada', owner0: 'acme', name0: 'r0', owner1: 'acme', name1: 'r1' });
  expect(asked?.query).not.toMatch(/acme|ada"/);
});

/** Everybody administers everything, as far as `answers` lets a query of so many repositories be answered. */
function answerTargets(answers: (size: number) => [number, object] | undefined): number[] {
  const sizes: number[] = [];
  graphql()
    .persist()
    .post('/graphql')
    .reply(async (request: Request) => {
      const { variables } = question.parse(await request.json());
      const names = Object.keys(variables).filter((key) => key.startsWith('name'));
      sizes.push(names.length);
      const data = names.map((key) => [
        `r${key.slice(4)}`,
        target(100 + Number(variables[key]?.slice(1)), edge('ADMIN')),
      ]);
      return answers(names.length) ?? [200, { data: Object.fromEntries(data) }];
    });
  return sizes;
}

const admins = (facts: Awaited<ReturnType<typeof ask>>): number =>
  [...facts.values()].filter(({ permission }) => permission === 'admin').length;

test('300 repositories are three queries', async () => {
  const sizes = answerTargets(() => undefined);
  expect(admins(await ask(300))).toBe(300);
  expect(sizes).toEqual([125, 125, 50]);
});

test.each([
  ['is cut off', [502, {}]],
  ['is told to take too long', [200, { data: null, errors: [{ message: 'Something went wrong' }] }]],
] satisfies [string, [number, object]][])('a query that %s is asked again in pieces', async (_, answer) => {
  const sizes = answerTargets((size) => (size > 25 ? answer : undefined));
  expect(admins(await ask(60))).toBe(60);
  expect(sizes.filter((size) => size <= 25)).toEqual([25, 25, 10]);
});

test('where a piece gets no answer either, REST decides without further queries', async () => {
  const sizes = answerTargets(() => [502, {}]);
  const may = { permission: 'admin', role_name: 'admin', user: { id: ADA.id } };
  api()
    .persist()
    .get(/\/collaborators\/ada\/permission$/)
    .reply(200, may);
  api()
    .persist()
    .get(/\/git\/ref\//)
    .reply(200, { object: { sha: 'abc' } });
  const facts = connect({ pause: async () => undefined }).reads(INSTALLATION);
  expect(admins(await facts.targetFacts(repositories(60), ADA))).toBe(60);
  expect(new Set(sizes)).toEqual(new Set([60, 25]));
  expect(sizes.filter((size) => size === 25)).toHaveLength(sizes.length / 2);
});

test("an error on one alias leaves the others' answers, and REST decides that one", async () => {
  graphql()
    .post('/graphql')
    .reply(200, {
      data: { r0: target(100, edge('WRITE')), r1: target(101, null), r2: null },
      errors: [
        { type: 'FORBIDDEN', path: ['r1', 'collaborators'], message: 'no' },
        { type: 'NOT_FOUND', path: ['r2'], message: 'no' },
      ],
    });
  rest('r1').reply(200, { permission: 'write', role_name: 'write', user: { id: ADA.id } });
  rest('r2').reply(404, {});
  api().get('/repos/acme/r2/git/ref/heads%2Fmain').reply(404, {});
  expect(await ask(3)).toEqual(
    new Map([
      [100, { permission: 'write', empty: false }],
      [101, { permission: 'write', empty: false }],
      [102, { permission: 'none', empty: true }],
    ]),
  );
});

test('somebody whose login merely begins alike never lends a permission', async () => {
  graphql()
    .post('/graphql')
    .reply(200, { data: { r0: target(100, edge('ADMIN', 555)) } });
  rest('r0').reply(200, { permission: 'read', role_name: 'read', user: { id: ADA.id } });
  expect((await ask(1)).get(100)?.permission).toBe('read');
});

test('a name that belongs to another repository by now is not answered for it', async () => {
  graphql()
    .post('/graphql')
    .reply(200, { data: { r0: target(999, edge('ADMIN')) } });
  rest('r0').reply(200, { permission: 'none', user: { id: ADA.id } });
  api()
    .get('/repos/acme/r0/git/ref/heads%2Fmain')
    .reply(200, { object: { sha: 'abc' } });
  expect((await ask(1)).get(100)).toEqual({ permission: 'none', empty: false });
});

test('a repository without a branch is empty', async () => {
  graphql()
    .post('/graphql')
    .reply(200, { data: { r0: target(100, edge('WRITE'), null) } });
  api().get('/repos/acme/r0/git/ref/heads%2Fmain').reply(409, { message: 'Git Repository is empty.' });
  expect(await ask(1)).toEqual(new Map([[100, { permission: 'write', empty: true }]]));
});

test('where nobody answers, the permission is null', async () => {
  graphql().persist().post('/graphql').reply(502, {});
  rest('r0').times(3).reply(502, {});
  api()
    .get('/repos/acme/r0/git/ref/heads%2Fmain')
    .reply(200, { object: { sha: 'abc' } });
  expect(await ask(1)).toEqual(new Map([[100, { permission: null, empty: false }]]));
});

test('a GraphQL limit, which comes with status 200, ends the question instead of denying everybody', async () => {
  graphql()
    .post('/graphql')
    .reply(200, { data: null, errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] });
  await expect(ask(1)).rejects.toMatchObject({ name: 'GitHubError', kind: 'limited' });
});

test('a limit of the REST fallback ends the question too', async () => {
  graphql()
    .post('/graphql')
    .reply(200, { data: { r0: target(100, { edges: [] }) } });
  rest('r0').reply(403, { message: 'You have exceeded a secondary rate limit' });
  await expect(ask(1)).rejects.toMatchObject({ kind: 'limited' });
});

test('the fallback for many is paced, and stops at a limit instead of asking on', async () => {
  graphql()
    .persist()
    .post('/graphql')
    .reply(200, { data: {}, errors: [{ type: 'FORBIDDEN', message: 'no' }] });
  let asked = 0;
  const paused: number[] = [];
  api()
    .persist()
    .get(/\/collaborators\/ada\/permission$/)
    .reply(() => {
      asked += 1;
      if (asked > 150) return [429, { message: 'slow down' }, { 'retry-after': '30' }];
      return [200, { permission: 'write', user: { id: ADA.id } }];
    });
  api()
    .persist()
    .get(/\/git\/ref\//)
    .reply(200, { object: { sha: 'abc' } });
  const pause = async (ms: number) => paused.push(ms);
  const facts = connect({ pause }).reads(INSTALLATION).targetFacts(repositories(300), ADA);
  await expect(facts).rejects.toMatchObject({ kind: 'limited', retryAt: NOW + 30_000 });
  expect(asked).toBeLessThan(160);
  // The first 50 requests begin at once, each later one 120 ms after the one before it.
  expect(paused.length).toBeGreaterThan(200);
  expect(Math.max(...paused)).toBeGreaterThan(15_000);
});
