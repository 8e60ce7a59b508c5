import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addAppUserToken } from '../../../src/local-github/access/app-user-tokens.ts';
import { createApp } from '../../../src/local-github/operations/create-app.ts';
import { openWorld, type World } from '../world.ts';
import { ask } from './api-client.ts';
import { jobToken, openJobWorld } from './jobs.ts';
import { expectEnvelope } from './nothing-happened.ts';

const NOWHERE = '/v1/fleets/f-22222222';
/** Who is known is told that there is no such fleet. */
const KNOWN = 404;

const tokenOf = (world: World, login = 'mona'): string => world.appTokens[login] ?? '';
const checks = (world: World): number =>
  world.github.requests.all().filter(({ path }) => path.includes('/applications/')).length;
const made = (name: string): string => `ghu_${name.padEnd(36, '0')}`;

test("a user token of this app is taken, and another app's, an expired and a made-up one are not", async () => {
  const world = await openWorld();
  const { state } = world.github.context;
  const mona = state.accounts.find(({ login }) => login === 'mona');
  const owner = state.accounts.find(({ login }) => login === 'acme');
  if (mona === undefined || owner === undefined) throw new Error('There is no mona or acme.');
  const other = createApp(state, world.clock.now(), {
    slug: 'other',
    owner,
    url: 'http://127.0.0.1',
    description: null,
    webhookUrl: null,
    webhookSecret: 'unused',
    permissions: {},
    events: [],
    deviceFlow: true,
  });
  const own = tokenOf(world);
  const foreign = addAppUserToken(state, world.clock.now(), other, mona, { token: made('other') });
  expect((await ask(world, own, 'GET', NOWHERE)).status).toBe(KNOWN);
  for (const [name, token] of [
    ["another app's", foreign.token],
    ['a made-up one', made('mine')],
    ['the refresh token', 'ghr_0000000000000000000000000000000000000000'],
    ["the app's own", 'ghs_0000000000000000000000000000000000000000'],
    ['a word', 'mona'],
  ] as const) {
    expectEnvelope(await ask(world, token, 'GET', NOWHERE), { status: 401, code: 'unauthenticated' }, name);
  }
  world.clock.move(9 * 60 * 60_000);
  const expired = await ask(world, own, 'GET', NOWHERE);
  expectEnvelope(expired, { status: 401, code: 'unauthenticated' }, 'expired');
  expect(expired.headers.get('www-authenticate')).toContain(`github="${world.url}"`);
});

test('a personal access token is taken where the operator allows it, and nowhere else', async () => {
  const [open, closed] = [await openWorld({ settings: 'api: { allow_pat: true }' }), await openWorld()];
  expect((await ask(open, open.tokens.mona ?? '', 'GET', NOWHERE)).status).toBe(KNOWN);
  const refused = await ask(closed, closed.tokens.mona ?? '', 'GET', NOWHERE);
  expectEnvelope(refused, { status: 401, code: 'unauthenticated' }, 'not allowed');
  expect(refused.body.error.remedy).toContain('fleet login');
});

test('whose a token is, GitHub is asked once a minute, also whose it is not', async () => {
  const world = await openWorld();
  const { state } = world.github.context;
  const sameTime = Array.from({ length: 20 }, () => ask(world, tokenOf(world), 'GET', NOWHERE));
  expect((await Promise.all(sameTime)).map(({ status }) => status)).toEqual(Array(20).fill(KNOWN));
  expect(checks(world)).toBe(1);
  for (let times = 0; times < 5; times += 1) await ask(world, made('mine'), 'GET', NOWHERE);
  expect(checks(world)).toBe(2);
  const own = tokenOf(world);
  const revoked = state.tokens.find(({ token }) => token === own);
  if (revoked === undefined) throw new Error('mona has no token.');
  state.tokens.delete(revoked.id);
  expect((await ask(world, own, 'GET', NOWHERE)).status).toBe(KNOWN);
  world.clock.move(61_000);
  expect((await ask(world, own, 'GET', NOWHERE)).status).toBe(401);
});

test('no token is in the log, in an answer or on disk', async () => {
  const lines: string[] = [];
  const world = await openJobWorld({ logged: (line) => lines.push(line), settings: '' });
  const tokens = [
    tokenOf(world),
    world.tokens.mona ?? '',
    made('mine'),
    await jobToken(world),
    'a.b.c',
    'mona-own-word',
  ];
  const told: string[] = [];
  for (const token of tokens) {
    for (const body of [
      { control_repository: 'acme/platform', workflow: 'bump', inputs: { version: '1' } },
      '{"token":',
    ]) {
      const { body: answer, headers } = await ask(world, token, 'POST', '/v1/fleets', body, { 'idempotency-key': 'k' });
      told.push(JSON.stringify([answer, ...headers]));
    }
  }
  await world.settle();
  const data = join(world.folder, 'data');
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const kept = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'));
  expect(lines.join('')).toContain('refused a request of the API');
  for (const token of tokens) {
    // Of a JWT, any of its parts that is long enough to be one.
    for (const part of token.split('.').filter(({ length }) => length > 3)) {
      for (const text of [lines.join(''), told.join(''), ...kept]) expect(text.includes(part), part).toBe(false);
    }
  }
});

test('made-up tokens are held to a bound, which those who are known do not meet', async () => {
  const world = await openJobWorld({ users: ['lisa'] });
  const job = await jobToken(world);
  for (const token of [tokenOf(world), job]) expect((await ask(world, token, 'GET', NOWHERE)).status).toBe(KNOWN);
  const statuses: number[] = [];
  for (let number = 0; number < 60; number += 1) {
    // No header moves somebody to another address.
    const headers = { 'x-forwarded-for': `203.0.113.${number}`, forwarded: `for=203.0.113.${number}` };
    const answer = await ask(world, made(`flood${number}x`), 'GET', NOWHERE, undefined, headers);
    statuses.push(answer.status);
    if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  expect(checks(world)).toBeLessThanOrEqual(31);
  expect((await ask(world, tokenOf(world, 'lisa'), 'GET', NOWHERE)).status).toBe(429);
  // Also after the minute in which nobody is asked about.
  world.clock.move(61_000);
  for (let number = 0; number < 60; number += 1) await ask(world, made(`again${number}x`), 'GET', NOWHERE);
  for (const token of [tokenOf(world), await jobToken(world)]) {
    expect((await ask(world, token, 'GET', NOWHERE)).status).toBe(KNOWN);
  }
  world.clock.move(61_000);
  expect((await ask(world, tokenOf(world, 'lisa'), 'GET', NOWHERE)).status).toBe(KNOWN);
});

test('somebody without permission costs GitHub only so many requests, and the others nothing', async () => {
  const world = await openWorld({ users: ['eve'] });
  const statuses = [];
  for (let number = 0; number < 40; number += 1) {
    const submission = { control_repository: `acme/guess-${number}`, workflow: 'bump' };
    const { status } = await ask(world, tokenOf(world, 'eve'), 'POST', '/v1/fleets', submission);
    statuses.push(status);
  }
  expect(statuses.filter((status) => status === 403)).toHaveLength(20);
  expect(statuses.slice(20)).toEqual(Array(20).fill(429));
  expect((await ask(world, tokenOf(world), 'GET', NOWHERE)).status).toBe(KNOWN);
});

test('each caller has the requests a minute of the settings, whatever token they come with', async () => {
  const world = await openWorld({ settings: 'api: { requests_per_minute: 3, allow_pat: true }', users: ['lisa'] });
  const openapi = '/v1/openapi.json';
  for (const token of [tokenOf(world), world.tokens.mona ?? '', tokenOf(world)]) {
    expect((await ask(world, token, 'GET', openapi)).status).toBe(200);
  }
  const limited = await ask(world, tokenOf(world), 'GET', openapi);
  expectEnvelope(limited, { status: 429, code: 'rate_limited' }, 'the fourth');
  expect(limited.headers.get('retry-after')).toBe('20');
  expect((await ask(world, tokenOf(world, 'lisa'), 'GET', openapi)).status).toBe(200);
  world.clock.move(20_000);
  expect((await ask(world, tokenOf(world), 'GET', openapi)).status).toBe(200);
});
