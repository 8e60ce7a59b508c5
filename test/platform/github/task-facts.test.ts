import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { connect, graphql, INSTALLATION, mintTokens } from './fixtures.ts';

beforeEach(() => {
  nock.disableNetConnect();
  mintTokens();
});
afterEach(() => nock.cleanAll());

const TARGET = {
  databaseId: 100,
  nameWithOwner: 'acme/one',
  visibility: 'INTERNAL',
  isArchived: false,
  defaultBranchRef: { name: 'main', target: { oid: 'a'.repeat(40) } },
  head: null,
  pullRequests: { totalCount: 0 },
};
const CONTROL = { databaseId: 1, visibility: 'PRIVATE' };
const KNOWN = {
  target: { id: 100, fullName: 'acme/one', visibility: 'internal', archived: false, defaultBranch: 'main' },
  proposed: false,
  heads: { base: 'a'.repeat(40), branch: null },
};

const ask = (base: string | null = null) =>
  connect().reads(INSTALLATION).taskFacts({ target: 'acme/one', control: 'acme/platform', base, branch: 'fleet/bump' });

const answered = (target: object | null, control: object | null, errors?: readonly object[]) =>
  graphql()
    .post('/graphql')
    .reply(200, { data: { target, control }, ...(errors === undefined ? {} : { errors }) });

test('one query tells of the target, the control repository and earlier pull requests, and no value is part of its text', async () => {
  const question = z.object({ query: z.string(), variables: z.record(z.string(), z.union([z.string(), z.boolean()])) });
  let asked: z.infer<typeof question> | undefined;
  graphql()
    .post('/graphql', (body: unknown) => {
      asked = question.parse(body);
      return true;
    })
    .reply(200, { data: { target: TARGET, control: CONTROL } });
  expect(await ask()).toEqual({ ...KNOWN, control: { id: 1, visibility: 'private' } });
  expect(asked?.variables).toEqual({
    owner: 'acme',
    name: 'one',
    controlOwner: 'acme',
    controlName: 'platform',
    branch: 'fleet/bump',
    head: 'refs/heads/fleet/bump',
    base: 'refs/heads/fleet/bump',
    named: false,
  });
  expect(asked?.query).not.toMatch(/acme|fleet\/bump/);
});

test('a pull request of any state and of any fork counts', async () => {
  answered({ ...TARGET, pullRequests: { totalCount: 1 } }, CONTROL);
  expect((await ask()).proposed).toBe(true);
});

test.each([
  { head: null, branch: null },
  { head: { target: { oid: 'b'.repeat(40) } }, branch: 'b'.repeat(40) },
])('the base that a workflow names is asked by its name: $branch', async ({ head, branch }) => {
  const base = { target: { oid: 'c'.repeat(40) } };
  answered({ ...TARGET, base, head }, CONTROL);
  expect((await ask('release')).heads).toEqual({ base: 'c'.repeat(40), branch });
  answered({ ...TARGET, base: null, head }, CONTROL);
  expect((await ask('release')).heads, 'there is no such base').toBeUndefined();
});

test('a repository that GraphQL does not find is left open, and the other is known', async () => {
  answered(TARGET, null, [{ type: 'NOT_FOUND', path: ['control'], message: 'Could not resolve to a Repository' }]);
  expect(await ask()).toEqual(KNOWN);
  answered(null, CONTROL, [{ type: 'NOT_FOUND', path: ['target'], message: 'Could not resolve to a Repository' }]);
  expect(await ask()).toEqual({ control: { id: 1, visibility: 'private' } });
});

test.each([
  { name: 'no default branch', target: { ...TARGET, defaultBranchRef: null } },
  { name: 'no number', target: { ...TARGET, databaseId: null } },
])('a target with $name is left open', async ({ target }) => {
  answered(target, CONTROL);
  expect(await ask()).toEqual({ control: { id: 1, visibility: 'private' } });
});

test('where there is no answer, or one that cannot be read, all is left open', async () => {
  graphql().post('/graphql').times(3).reply(502);
  expect(await ask()).toEqual({});
  answered({ ...TARGET, visibility: 'SECRET' }, CONTROL);
  expect(await ask()).toEqual({});
});

test('a limit is told, as REST would meet it too', async () => {
  graphql()
    .post('/graphql')
    .reply(200, { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] });
  await expect(ask()).rejects.toMatchObject({ kind: 'limited' });
  graphql()
    .post('/graphql')
    .reply(403, { message: 'You have exceeded a secondary rate limit' }, { 'retry-after': '60' });
  await expect(ask()).rejects.toMatchObject({ kind: 'limited' });
});
