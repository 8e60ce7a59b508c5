import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { issueTextDigest } from '../../src/core/checkbox/issue-edit.ts';
import { openBoxes } from '../../src/core/checkbox/open-boxes.ts';
import { withMarker } from '../../src/core/render/marker.ts';
import type { Rollout } from '../../src/core/workflow/types.ts';
import { acceptTick } from '../../src/fleet/accept-tick.ts';
import type { EffectRequest } from '../../src/store/contract/effects.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { aPlan, failed, hubot, insertReady, mona, silentLog, startTask, temporaryFolder } from '../store/fixtures.ts';

const FLEET = 'f-aaaaaaaa';
const HELD_AT = 5_000;
const TEXT = 'It waits.';
const rollout: Rollout = { canary: null, waves: [], haltOnFailure: { count: 1 }, approve: 'none', after: [] };

let store: Store;

/** A fleet of two repositories that halted, as the first one failed, with its tracking issue. */
beforeEach(async () => {
  const folder = await temporaryFolder();
  store = await openStore({ file: join(folder.path, 'store.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  await insertReady(store, FLEET, 2, { plan: aPlan({ workflow: { ...aPlan().workflow, rollout } }) });
  const task = await startTask(store, `${FLEET}/0`);
  await store.write((tx) => tx.tasks.end(task, failed, HELD_AT));
  await intend('e-issue', { kind: 'issue', repository: 'acme/platform', title: 't', body: TEXT });
  await send('e-issue');
});

const intend = (id: string, request: EffectRequest) =>
  store.write((tx) =>
    tx.effects.intend({ id, key: id, installationId: 7, fleetId: FLEET, taskId: null, request, intendedAt: HELD_AT }),
  );

async function send(id: string): Promise<void> {
  await store.write(async (tx) => {
    const lease = await tx.effects.claim(id, HELD_AT, HELD_AT + 1_000);
    if (lease === undefined) throw new Error(`${id} is not free`);
    await tx.effects.sent(lease, HELD_AT);
  });
}

async function box(means: string) {
  const fleet = await store.read.fleets.get(FLEET);
  if (fleet === undefined) throw new Error('there is no fleet');
  const tasks = await store.read.tasks.ofFleet(FLEET);
  const found = openBoxes({ fleet, tasks, approvals: [], gatesClosed: 1 }).find((one) => one.means === means);
  if (found === undefined) throw new Error(`there is no box for ${means}`);
  return found;
}

function accept(
  mark: Awaited<ReturnType<typeof box>>,
  { receivedAt = 10_000, before = withMarker(TEXT, 'e-issue'), sender = mona } = {},
): Promise<string> {
  const change = { kind: 'tick' as const, box: mark };
  const edit = { fleet: FLEET, issueNumber: 1, change, before: issueTextDigest(before) };
  const request = { sender: { ...sender, type: 'User' as const } };
  return acceptTick({ store, clock: { now: () => 10_500 } }, request, edit, mark, receivedAt).then(
    () => 'accepted',
    (error: { code?: string }) => error.code ?? String(error),
  );
}

const ticks = async () =>
  (await store.read.events.ofFleet(FLEET)).flatMap(({ event }) => (event.type === 'box_ticked' ? [event] : []));

describe('a ticked box', () => {
  test('is accepted for the moment that it shows, and recorded once, however often the same delivery is taken up', async () => {
    const gate = await box('approve:gate');
    expect(await accept(gate)).toBe('accepted');
    await store.write((tx) => tx.fleets.openGate(FLEET, mona, 11_000));
    expect(await accept(gate), 'again after a crash').toBe('accepted');
    expect(await ticks()).toMatchObject([{ by: 'mona', box: 'approve:gate', token: gate.token }]);
    expect(await accept(gate, { receivedAt: 12_000 }), 'another delivery').toBe('stale_box');
    expect(await accept(gate, { sender: hubot }), 'another person').toBe('stale_box');
  });

  test('that a limit put off is compared once more, and what ran since is not what its reader saw', async () => {
    const cancelling = await box('cancel');
    expect(await accept(cancelling)).toBe('accepted');
    expect(await accept(cancelling), 'nothing happened meanwhile').toBe('accepted');
    await store.write((tx) => tx.fleets.openGate(FLEET, hubot, 11_000));
    expect(await accept(cancelling), 'somebody else let the fleet go on').toBe('stale_box');
    expect(await ticks(), 'one tick').toHaveLength(1);
    await store.write((tx) => tx.fleets.requestCancel(FLEET, 12_000, mona));
    expect(await accept(cancelling), 'carried out, and the answer lost').toBe('accepted');
  });

  test('of before a retry means nothing after it', async () => {
    const [gate, again] = [await box('approve:gate'), await box('retry')];
    await store.write((tx) => tx.fleets.retry(FLEET, [`${FLEET}/0`], mona, 9_000));
    expect([await accept(gate), await accept(again)]).toEqual(['stale_box', 'stale_box']);
    expect(await ticks()).toEqual([]);
  });

  test('counts on a text of ours alone, which may still be under way, but not before it is sent', async () => {
    const gate = await box('approve:gate');
    const edited = withMarker('It waits still.', 'e-issue');
    expect(await accept(gate, { before: 'Mine' })).toBe('put_back');
    await intend('e-edit', { kind: 'issue_edit', repository: 'acme/platform', number: 1, title: 't', body: edited });
    expect(await accept(gate, { before: edited })).toBe('put_back');
    await send('e-edit');
    expect(await accept(gate, { before: edited })).toBe('accepted');
  });
});
