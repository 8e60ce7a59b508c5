import { describe, expect, it } from 'vitest';
import { APP } from './start-app.ts';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

/** Commands that GitHub could not deliver: it never sends them again by itself. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LIST = 'GET /app/hook/deliveries';
const ASK = 'POST /app/hook/deliveries/{delivery_id}/attempts';
const files = workflowFiles({ bump: bump('[{ tag: app }]') });

async function given(more: WorldOptions = {}): Promise<World> {
  const world = await openWorld({ platform: { files }, repositories: services('one'), ...more });
  await world.settle();
  return world;
}

/** Said while nobody listens. */
async function sayInVain(world: World, ...commands: string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const command of commands) {
    ids.push(await world.say('mona', command));
    await world.github.idle();
  }
  return ids;
}

async function later(world: World, ms: number): Promise<void> {
  world.clock.move(ms);
  await world.settle();
}

const lists = (world: World) => world.github.requests.count(LIST);
const asks = (world: World) => world.github.requests.count(ASK);
const versions = async (world: World) => (await world.fleets()).map(({ plan }) => plan.inputs.version);

/** Deliveries are refused, as by a proxy whose server is gone, until the returned function is called. */
function cutOff(world: World): () => void {
  const { state } = world.github.context;
  const app = state.apps.need(APP.id);
  state.apps.update(app.id, { webhookUrl: 'http://127.0.0.1:1/api/github/webhooks' });
  return () => state.apps.update(app.id, { webhookUrl: app.webhookUrl });
}

describe('commands that were given while the app was down', () => {
  it('run when it is up again after ten minutes, each once and asked for once', async () => {
    const world = await given();
    await world.crash();
    await sayInVain(world, '/fleet bump version=1', '/fleet list', '/fleet help');
    await world.api('mona', 'PATCH', '/repos/acme/platform/issues/1', { state: 'closed' });
    await world.github.idle();
    world.clock.move(10 * MINUTE);
    await world.restart();
    await world.settle();
    expect(await versions(world)).toEqual(['1']);
    expect(await world.pulls('one')).toHaveLength(1);
    expect(await world.answers(), 'the link, the list and the help').toHaveLength(3);
    expect(asks(world), 'one for each command, none for another event').toBe(3);
    for (let looks = 0; looks < 3; looks += 1) await later(world, 5 * MINUTE);
    expect(asks(world)).toBe(3);
    expect(await world.fleets()).toHaveLength(1);
    expect(await world.answers()).toHaveLength(3);
  });

  it('are answered and not run after forty minutes, for those who may; a stranger gets one reaction', async () => {
    const world = await given({ users: ['lisa'] });
    await world.crash();
    const [comment = 0] = await sayInVain(world, '/fleet bump version=2.0');
    const strange = await world.say('lisa', '/fleet bump version=2.0');
    await world.github.idle();
    world.clock.move(40 * MINUTE);
    await world.restart();
    await world.settle();
    expect(await world.fleets()).toEqual([]);
    const [answer, ...more] = await world.answers();
    expect(more).toEqual([]);
    expect(answer).toContain('arrived too late');
    expect(answer).toContain('given at 2026-05-04 09:00 UTC and arrived at 2026-05-04 09:40 UTC');
    expect(answer).toContain('Nothing was done. Give the command again');
    expect(await world.reactions(comment)).toEqual(['confused']);
    expect(await world.reactions(strange)).toEqual(['confused']);
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    expect(await world.fleets()).toHaveLength(1);
  });

  it('run from a dispatch too, and become an issue when it is too late', async () => {
    const world = await given();
    const send = (version: string) =>
      world.api('mona', 'POST', '/repos/acme/platform/dispatches', {
        event_type: 'fleet',
        client_payload: { workflow: 'bump', inputs: { version } },
      });
    await world.crash();
    await send('1');
    await world.api('mona', 'POST', '/repos/acme/platform/dispatches', { event_type: 'other' });
    world.clock.move(25 * MINUTE);
    await send('2');
    await world.github.idle();
    world.clock.move(10 * MINUTE);
    await world.restart();
    await world.settle();
    expect(asks(world)).toBe(2);
    expect(await versions(world)).toEqual(['2']);
    const refused = (await world.trackingIssues()).filter(({ title }) => title.includes('was refused'));
    expect(refused).toHaveLength(1);
    expect(refused[0]?.body).toContain('given at 2026-05-04 09:00 UTC');
    expect(refused[0]?.body).toContain('Send the dispatch again');
  });

  it('are left alone when GitHub tried more than three days ago', async () => {
    const world = await given();
    await world.crash();
    await sayInVain(world, '/fleet bump version=1');
    world.clock.move(3 * DAY + MINUTE);
    await sayInVain(world, '/fleet help');
    await world.restart();
    await world.settle();
    expect(asks(world)).toBe(1);
    expect(await world.answers()).toHaveLength(1);
  });

  it('are asked for once, though the app is killed while it asks', async () => {
    const world = await given();
    await world.crash();
    await sayInVain(world, '/fleet help', '/fleet list');
    await world.restart();
    world.github.failures.next({ route: ASK, mode: 'reset' });
    await world.settle();
    expect(asks(world), 'an unanswered request ends the look').toBe(1);
    await world.crashAndRestart();
    await world.settle();
    await later(world, 5 * MINUTE);
    expect(asks(world)).toBe(2);
    expect(await world.answers()).toHaveLength(2);
  });
});

describe('a delivery that fails while the app runs', () => {
  it('is found by the next look, and asked for until it arrives', async () => {
    const world = await given();
    const mend = cutOff(world);
    await sayInVain(world, '/fleet help');
    await later(world, 5 * MINUTE);
    expect(asks(world)).toBe(1);
    expect(await world.answers()).toEqual([]);
    mend();
    await later(world, 5 * MINUTE);
    expect(asks(world)).toBe(2);
    expect(await world.answers()).toHaveLength(1);
    await later(world, 2 * 60 * MINUTE);
    expect(asks(world)).toBe(2);
  });

  it('is asked for three times in ever longer distances, over restarts, and then given up', async () => {
    const world = await given();
    cutOff(world);
    await sayInVain(world, '/fleet help');
    const askedAt: number[] = [];
    for (let minute = 5; minute <= 240; minute += 5) {
      const before = asks(world);
      if (minute === 40) await world.crashAndRestart();
      await later(world, 5 * MINUTE);
      if (asks(world) > before) askedAt.push(minute);
    }
    expect(askedAt).toEqual([5, 10, 70]);
    expect(asks(world)).toBe(3);
  });

  it('that GitHub does not have any more is given up at once, and the others are asked for', async () => {
    const world = await given();
    await world.crash();
    const [gone = 0, kept = 0] = await sayInVain(world, '/fleet help', '/fleet list');
    await world.restart();
    world.github.failures.next({ route: ASK, mode: 'status', status: 404, body: { message: 'Not Found' } });
    await world.settle();
    for (let looks = 0; looks < 3; looks += 1) await later(world, 5 * MINUTE);
    expect(asks(world)).toBe(2);
    expect(await world.reactions(gone)).toEqual([]);
    expect(await world.reactions(kept)).toEqual(['rocket']);
  });
});

describe('the look for missed deliveries', () => {
  it('asks for one page, and for more only as far back as the last look', async () => {
    const world = await given();
    expect(lists(world)).toBe(1);
    await world.crash();
    await sayInVain(world, '/fleet help');
    const { deliveries } = world.github.context.state;
    const [missed] = world.deliveries();
    if (missed === undefined) throw new Error('There is no delivery.');
    for (let other = 1; other <= 150; other += 1) {
      const id = world.github.context.state.nextId('delivery');
      const deliveredAt = world.clock.now() + other * 1_000;
      deliveries.insert({ ...missed, id, guid: `other-${other}`, deliveredAt, statusCode: 200, status: 'OK' });
    }
    world.clock.move(10 * MINUTE);
    await world.restart();
    await world.settle();
    expect(lists(world), 'it is on the second page').toBe(3);
    expect(await world.answers()).toHaveLength(1);
    for (let looks = 0; looks < 3; looks += 1) await later(world, 5 * MINUTE);
    expect(lists(world), 'the newest page alone').toBe(6);
    expect(asks(world)).toBe(1);
  });

  it('obeys a limit, over a restart too, and loses nothing to it', async () => {
    const world = await given();
    await world.crash();
    await sayInVain(world, '/fleet help');
    await world.restart();
    const limit = { status: 429, headers: { 'retry-after': '900' }, body: { message: 'secondary rate limit' } };
    world.github.failures.next({ route: ASK, mode: 'status', ...limit });
    await world.settle();
    const before = lists(world);
    await later(world, 5 * MINUTE);
    await world.crashAndRestart();
    await later(world, 5 * MINUTE);
    expect([lists(world) - before, asks(world)]).toEqual([0, 1]);
    await later(world, 5 * MINUTE);
    expect([lists(world) - before, asks(world)]).toEqual([1, 2]);
    expect(await world.answers()).toHaveLength(1);
  });
});

describe('webhooks that come twice or in another order', () => {
  it('start nothing twice and lose nothing', async () => {
    const world = await given();
    await world.crash();
    await sayInVain(world, '/fleet bump version=1 --plan', '/fleet list');
    const missed = world.deliveries().filter(({ event }) => event === 'issue_comment');
    await world.restart();
    // The operator presses "Redeliver" for both, the later one first, before the app has looked.
    const { state, webhooks } = world.github.context;
    for (const delivery of missed) {
      webhooks.redeliver(state.apps.need(APP.id), delivery);
      await world.github.idle();
    }
    await world.settle();
    for (const { id } of missed) await world.redeliver(id);
    await later(world, 5 * MINUTE);
    expect(await world.fleets()).toHaveLength(1);
    expect(await world.answers()).toHaveLength(2);
    expect(await world.trackingIssues()).toHaveLength(1);
    expect(asks(world), 'what has arrived is not asked for').toBe(0);
  });
});
