import { performance } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { NewFleet } from '../../../src/store/contract/fleets.ts';
import { aPlan, insertFleet } from '../../store/fixtures.ts';
import { openWorld, type World } from '../world.ts';
import { ask } from './api-client.ts';

const SETTINGS = 'api: { allow_pat: true }\n';

const numbered = (index: number): string =>
  `f-${[...String(index).padStart(8, '0')].map((digit) => 'abcdefghij'.charAt(Number(digit))).join('')}`;

async function control(world: World, name = 'platform'): Promise<Partial<NewFleet>> {
  const { id } = z.object({ id: z.number() }).parse(await world.api('mona', 'GET', `/repos/acme/${name}`));
  const at = { installationId: world.installationId, controlRepositoryId: id, controlRepository: `acme/${name}` };
  // A plan that nobody has approved so far.
  return { ...at, expiresAt: world.clock.now() + 60 * 60_000, createdAt: world.clock.now() };
}

const mona = (world: World, query: string) => ask(world, world.tokens.mona ?? '', 'GET', `/v1/fleets${query}`);
const idsOf = (body: { fleets: { id: string }[] }) => body.fleets.map(({ id }) => id);

test('1,000 fleets come page by page, newest first, each once, also while others are started', async () => {
  const world = await openWorld({ settings: SETTINGS });
  const at = await control(world);
  const targets = Array.from({ length: 500 }, (_, position) => ({ wave: 0, stage: 0, position }));
  for (let index = 0; index < 1000; index += 1) {
    const plan = { ...aPlan({ inputs: { version: `${index}` } }), targets: JSON.parse(JSON.stringify(targets)) };
    await insertFleet(world.store, numbered(index), 3, { ...at, plan });
  }
  const seen: string[] = [];
  const times: number[] = [];
  let cursor: string | null = null;
  for (let page = 0; ; page += 1) {
    const from = performance.now();
    const { status, body } = await mona(world, `?limit=40${cursor === null ? '' : `&cursor=${cursor}`}`);
    times.push(performance.now() - from);
    expect(status).toBe(200);
    seen.push(...idsOf(body));
    await insertFleet(world.store, numbered(2000 + page), 1, at);
    cursor = body.next_cursor;
    if (cursor === null) break;
  }
  expect(seen).toEqual(Array.from({ length: 1000 }, (_, index) => numbered(999 - index)));
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  expect(median, `${times.length} pages`).toBeLessThan(100);
});

test('a list is narrowed by repository, workflow, sender, state and status', async () => {
  const world = await openWorld({ settings: SETTINGS, repositories: [{ name: 'other' }] });
  const platform = await control(world);
  const other = await control(world, 'other');
  await insertFleet(world.store, numbered(1), 2, platform);
  await insertFleet(world.store, numbered(2), 1, { ...platform, workflow: 'tidy' });
  await insertFleet(world.store, numbered(3), 1, { ...other, sender: { id: 9, login: 'Hubot' } });
  await world.store.write(async (tx) => {
    await tx.fleets.requestCancel(numbered(2), world.clock.now(), { id: 1, login: 'mona' });
    await tx.tasks.cancelFleet(numbered(2), 'mona cancelled the fleet.', world.clock.now());
  });
  const ids = async (query: string) => idsOf((await mona(world, query)).body);
  expect(await ids('')).toEqual([3, 2, 1].map(numbered));
  expect(await ids('?control_repository=Acme/platform')).toEqual([2, 1].map(numbered));
  expect(await ids('?control_repository=acme/nothing')).toEqual([]);
  expect(await ids('?workflow=tidy')).toEqual([numbered(2)]);
  expect(await ids('?sender=hubot')).toEqual([numbered(3)]);
  expect(await ids('?state=open')).toEqual([3, 1].map(numbered));
  expect(await ids('?state=ended')).toEqual([numbered(2)]);
  expect(await ids('?status=cancelled')).toEqual([numbered(2)]);
  expect(await ids('?status=planned&state=ended')).toEqual([]);
  expect(await ids('?status=planned&limit=1')).toEqual([numbered(3)]);
  const { body } = await mona(world, '?workflow=bump&control_repository=acme/platform');
  expect(body.fleets[0]).toMatchObject({
    inputs: { version: '2.0' },
    counts: { total: 2, queued: 2 },
    pull_requests: 0,
  });
});

test('a list holds the fleets of repositories that its caller can write to, and no others', async () => {
  const world = await openWorld({
    settings: SETTINGS,
    users: ['eve'],
    repositories: [{ name: 'other', collaborators: { eve: 'write', mona: 'write' } }],
  });
  await insertFleet(world.store, numbered(1), 1, await control(world, 'other'));
  await insertFleet(world.store, numbered(2), 1, await control(world));
  await insertFleet(world.store, numbered(3), 1, { ...(await control(world)), installationId: 999 });
  const { body } = await ask(world, world.tokens.eve ?? '', 'GET', '/v1/fleets');
  expect(idsOf(body)).toEqual([numbered(1)]);
  expect(body.next_cursor).toBe(null);
  const named = await ask(world, world.tokens.eve ?? '', 'GET', '/v1/fleets?control_repository=acme/platform');
  expect(named.body.fleets).toEqual([]);
});

test('what no page can be is refused', async () => {
  const world = await openWorld({ settings: SETTINGS });
  for (const query of [
    'limit=0',
    'limit=101',
    'limit=x',
    'status=lost',
    'state=x',
    'cursor=MTI',
    'cursor=%00',
    'more=1',
  ]) {
    const { status, body } = await mona(world, `?${query}`);
    expect(status, query).toBe(400);
    expect(body.error.code).toBe('invalid_request');
  }
});

test('a list of a repository without fleets asks GitHub nothing', async () => {
  const world = await openWorld({ repositories: [{ name: 'service-a' }] });
  const { mona = '' } = world.appTokens;
  await ask(world, mona, 'GET', '/v1/fleets');
  const before = world.github.requests.all().length;
  const { status, body } = await ask(world, mona, 'GET', '/v1/fleets?control_repository=acme/service-a');
  expect([status, body.fleets, world.github.requests.all().length - before]).toEqual([200, [], 0]);
});

test('who may see a fleet is not known while GitHub does not say, and is asked again', async () => {
  const world = await openWorld({
    platform: {
      files: { '.github/fleet/write.yml': 'name: write\nnodes: [{ id: write, bash: "echo new > VERSION" }]\n' },
    },
  });
  const { mona = '' } = world.appTokens;
  const body = { control_repository: 'acme/platform', workflow: 'write' };
  const submitted = await ask(world, mona, 'POST', '/v1/fleets', body);
  const path = `/v1/fleets/${submitted.body.fleet.id}`;
  const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
  world.clock.move(61_000);
  world.github.failures.next({ route, mode: 'before', times: 3 });
  expect((await ask(world, mona, 'GET', path)).status).toBe(503);
  expect((await ask(world, mona, 'GET', path)).status).toBe(200);
});
