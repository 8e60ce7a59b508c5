import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { services, workflowFiles } from '../workflows.ts';
import { openWorld, type World } from '../world.ts';
import { ask } from './api-client.ts';
import { type Followed, follow } from './event-client.ts';

const WORK = `
name: work
services: [{ tag: app }]
nodes:
  - { id: write, bash: "echo new > VERSION" }
`;

async function started(users: readonly string[] = []): Promise<{ world: World; id: string; token: string }> {
  const world = await openWorld({
    settings: 'api: { allow_pat: true }\n',
    users,
    platform: { files: workflowFiles({ work: WORK }) },
    repositories: services('one', 'two'),
  });
  const token = world.tokens.mona ?? '';
  const body = { control_repository: 'acme/platform', workflow: 'work' };
  const submitted = await ask(world, token, 'POST', '/v1/fleets', body);
  return { world, token, id: submitted.body.fleet.id };
}

const types = ({ events }: Followed) => events.map(({ event }) => event);
const ids = ({ events }: Followed) => events.map((event) => Number(event.id));
const upTo = (type: string) => (followed: Followed) => followed.events.at(-1)?.event === type;
const counted = (length: number) => Array.from({ length }, (_, index) => index + 1);

test('the events of a fleet are told as they happen, from its plan to its end and on after a retry', async () => {
  const { world, token, id } = await started();
  const following = follow(world, token, `/v1/fleets/${id}/events`, upTo('fleet_ended'));
  await world.settle();
  const followed = await following;
  expect(types(followed)[0]).toBe('fleet_planned');
  expect(types(followed)).toContain('task_completed');
  expect(ids(followed)).toEqual(counted(followed.events.length));
  const completed = followed.events.find(({ event }) => event === 'task_completed');
  expect(JSON.parse(completed?.data ?? '')).toMatchObject({
    type: 'task_completed',
    task_id: expect.stringMatching(/^t-/),
    outcome: 'changed',
    pull_request: expect.any(Number),
    at: expect.stringMatching(/Z$/),
  });
  const last = String(followed.events.length);
  const more = follow(world, token, `/v1/fleets/${id}/events?after=1`, upTo('undo_requested'), {
    lastEventId: last,
  });
  await ask(world, token, 'POST', `/v1/fleets/${id}/undo`);
  expect(ids(await more)[0]).toBe(followed.events.length + 1);
});

test('a client that is cut anywhere and goes on where it was misses nothing and meets nothing twice', async () => {
  const { world, token, id } = await started();
  const most = 1500;
  let written = (await world.store.read.events.newest([id])).get(id) ?? 0;
  const writing = (async () => {
    while (written < most) {
      await world.store.write(async (tx) => {
        for (let one = 0; one < 7; one += 1) {
          const event = {
            type: 'box_ticked',
            v: 1,
            by: 'mona',
            box: 'x'.repeat(written % 90),
            token: 'secret',
          } as const;
          written = await tx.events.append(id, world.clock.now(), event);
        }
      });
      await setImmediate();
    }
  })();
  const seen: number[] = [];
  // The same places in every run, spread over everything that a client can be in the middle of.
  for (let cut = 1; (seen.at(-1) ?? 0) < most; cut += 1) {
    const cutAt = (cut * 7919) % 30_000;
    const enough = ({ events }: Followed) => Number(events.at(-1)?.id ?? 0) >= most;
    const lastEventId = seen.at(-1)?.toString();
    const followed = await follow(world, token, `/v1/fleets/${id}/events`, enough, { lastEventId, cutAt });
    seen.push(...ids(followed));
    expect(followed.events.every(({ data }) => !data.includes('secret'))).toBe(true);
  }
  await writing;
  expect(seen.slice(0, most)).toEqual(counted(most));
});

test('a stream ends when its caller may no longer see the fleet, within a minute', async () => {
  const { world, token, id } = await started();
  const following = follow(world, token, `/v1/fleets/${id}/events`, () => false);
  await world.settle();
  world.demote('mona', 'platform');
  world.clock.move(61_000);
  await world.store.write((tx) => tx.events.append(id, world.clock.now(), { type: 'disk_full', v: 1 }));
  const followed = await following;
  expect(followed.events.at(-1)).toMatchObject({ event: 'end', data: '{"reason":"not_visible"}' });
  expect(types(followed)).not.toContain('disk_full');
  expect(followed.events.at(-1)?.id).toBe(undefined);
});

test('a stream ends when its token is no longer taken, within a minute', async () => {
  const world = await openWorld({
    platform: { files: workflowFiles({ work: WORK }) },
    repositories: services('one'),
  });
  const { mona = '' } = world.appTokens;
  const submitted = await ask(world, mona, 'POST', '/v1/fleets', {
    control_repository: 'acme/platform',
    workflow: 'work',
  });
  const { id } = submitted.body.fleet;
  const following = follow(world, mona, `/v1/fleets/${id}/events`, () => false);
  await world.settle();
  const { state } = world.github.context;
  for (const { id: revoked } of state.tokens.where(({ token }) => token === mona)) state.tokens.delete(revoked);
  world.clock.move(61_000);
  await world.store.write((tx) => tx.events.append(id, world.clock.now(), { type: 'disk_full', v: 1 }));
  const followed = await following;
  expect(followed.events.at(-1)).toMatchObject({ event: 'end', data: '{"reason":"not_visible"}' });
  expect(types(followed)).not.toContain('disk_full');
});

test('a stream ends when the server stops, and the server does not wait for it', async () => {
  const { world, token, id } = await started();
  let planned = (): void => {};
  const first = new Promise<void>((resolve) => {
    planned = resolve;
  });
  const following = follow(world, token, `/v1/fleets/${id}/events`, ({ events }) => {
    if (events.length > 0) planned();
    return false;
  });
  await first;
  await world.crash();
  expect((await following).events.at(-1)).toMatchObject({ event: 'end', data: '{"reason":"stopping"}' });
  await world.restart();
});

test('nobody follows more than ten fleets at once, and a place is free again when a stream is left', async () => {
  const { world, token, id } = await started();
  const left = new AbortController();
  const path = new URL(`/v1/fleets/${id}/events`, world.webhookUrl);
  const headers = { authorization: `Bearer ${token}` };
  const open = await Promise.all(Array.from({ length: 10 }, () => fetch(path, { headers, signal: left.signal })));
  expect(open.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  const refused = await ask(world, token, 'GET', `/v1/fleets/${id}/events`);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('60');
  left.abort();
  for (;;) {
    const again = new AbortController();
    const { status } = await fetch(path, { headers, signal: again.signal });
    again.abort();
    if (status === 200) break;
    await setImmediate();
  }
});

test('what is no event of the fleet cannot be gone on from, and strangers follow nothing', async () => {
  const { world, token, id } = await started(['eve']);
  const path = `/v1/fleets/${id}/events`;
  expect((await ask(world, token, 'GET', `${path}?after=999`)).body.error.code).toBe('invalid_request');
  expect((await ask(world, token, 'GET', path, undefined, { 'last-event-id': 'x' })).status).toBe(400);
  expect((await ask(world, token, 'GET', `${path}?after=-1`)).status).toBe(400);
  expect((await ask(world, world.tokens.eve ?? '', 'GET', path)).status).toBe(404);
});
