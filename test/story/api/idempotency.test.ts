import { expect, test } from 'vitest';
import { bump, services, workflowFiles } from '../workflows.ts';
import { openWorld, type World, type WorldOptions } from '../world.ts';
import { type ApiResponse, ask } from './api-client.ts';
import { expectEnvelope } from './nothing-happened.ts';

const BODY = { control_repository: 'acme/platform', workflow: 'bump', inputs: { version: '2.0' }, plan_only: true };

const open = (more: WorldOptions = {}): Promise<World> =>
  openWorld({
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }), collaborators: { lisa: 'write' } },
    repositories: [{ name: 'one', topics: ['app'], collaborators: { mona: 'write', lisa: 'write' } }],
    users: ['lisa'],
    ...more,
  });

const post = (world: World, body: object, key: string | null, login = 'mona'): Promise<ApiResponse> =>
  ask(world, world.appTokens[login] ?? '', 'POST', '/v1/fleets', body, key === null ? {} : { 'idempotency-key': key });

const isReplay = ({ headers }: ApiResponse): boolean => headers.get('idempotent-replay') === 'true';

test('the same key with the same body gives the same answer again, also when the fleet has changed since', async () => {
  const world = await open();
  const first = await post(world, BODY, 'release');
  await world.settle();
  const { inputs, ...rest } = BODY;
  // The order of its keys is not what a body says.
  const again = await post(world, { inputs, ...rest }, 'release');
  expect([first.status, isReplay(first)]).toEqual([201, false]);
  expect([again.status, isReplay(again), again.body]).toEqual([201, true, first.body]);
  expect(await world.fleets()).toHaveLength(1);
});

test('the same key with another body, or for something else, is refused and does nothing', async () => {
  const world = await open();
  const { body } = await post(world, BODY, 'release');
  const other = await post(world, { ...BODY, inputs: { version: '3.0' } }, 'release');
  expectEnvelope(other, { status: 409, code: 'idempotency_conflict' }, 'another body');
  const path = `/v1/fleets/${body.fleet.id}/cancel`;
  const verb = await ask(world, world.appTokens.mona ?? '', 'POST', path, undefined, { 'idempotency-key': 'release' });
  expectEnvelope(verb, { status: 409, code: 'idempotency_conflict' }, 'another verb');
  expect((await world.fleet()).cancelRequestedAt).toBeNull();
});

test('of twenty identical requests with a key at once one starts the fleet, and the others get its answer', async () => {
  const world = await open();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(world, BODY, 'release')));
  expect(answers.filter(isReplay)).toHaveLength(19);
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.created} ${body.fleet.id}`)).size).toBe(1);
  expect(await world.fleets()).toHaveLength(1);
});

test('of twenty identical requests without a key one starts the fleet, and the others find it', async () => {
  const world = await open();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(world, BODY, null)));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
  expect(answers.some(isReplay)).toBe(false);
  expect(new Set(answers.map(({ body }) => body.fleet.id)).size).toBe(1);
  expect(await world.fleets()).toHaveLength(1);
});

test('a key whose process ended before the answer was kept finds the fleet that was started', async () => {
  const world = await open({ repositories: services('one') });
  const first = await post(world, BODY, 'release');
  // The moment between the fleet's commit and that of the answer.
  await world.store.write(async (tx) => {
    const { id } = (await tx.fleets.all())[0]?.sender ?? { id: 0 };
    const caller = `person:${id}`;
    const kept = await tx.apiRequests.get(caller, 'release');
    if (kept === undefined) throw new Error('There is no kept answer.');
    await tx.apiRequests.forget(kept.openedAt);
    await tx.apiRequests.open(caller, 'release', kept.digest, kept.openedAt);
  });
  await world.crashAndRestart();
  const again = await post(world, BODY, 'release');
  expect([again.status, again.body.created, again.body.fleet.id]).toEqual([201, true, first.body.fleet.id]);
  expect(isReplay(await post(world, BODY, 'release'))).toBe(true);
  expect(await world.fleets()).toHaveLength(1);
});

test("another caller's same key is another request", async () => {
  const world = await open();
  const first = await post(world, BODY, 'release');
  const other = await post(world, { ...BODY, inputs: { version: '3.0' } }, 'release', 'lisa');
  expect([other.status, isReplay(other)]).toEqual([201, false]);
  expect(other.body.fleet.id).not.toBe(first.body.fleet.id);
});

test('what was refused frees its key, for another body too', async () => {
  const world = await open();
  expect((await post(world, { ...BODY, workflow: 'bmp' }, 'release')).status).toBe(404);
  const corrected = await post(world, BODY, 'release');
  expect([corrected.status, isReplay(corrected)]).toEqual([201, false]);
});

test('a key is forgotten with the deliveries of its time', async () => {
  const world = await open({ settings: 'disk: { deliveries: 4d }' });
  const first = await post(world, BODY, 'release');
  world.clock.move(5 * 24 * 60 * 60_000);
  await world.settle();
  world.github.context.state.tokens.all().forEach(({ id }) => {
    world.github.context.state.tokens.update(id, { expiresAt: null });
  });
  const later = await post(world, BODY, 'release');
  expect([later.status, isReplay(later)]).toEqual([201, false]);
  expect(later.body.fleet.id).not.toBe(first.body.fleet.id);
});
