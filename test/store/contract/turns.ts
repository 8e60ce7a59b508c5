import { expect, it } from 'vitest';
import type { Rollout } from '../../../src/core/workflow/types.ts';
import type { StoreUnderTest } from '../contract.ts';
import {
  aFleet,
  aNode,
  aPlan,
  completed,
  eventTypes,
  failed,
  hubot,
  insertFleet,
  insertReady,
  mona,
  startTask,
  trackingIssue,
} from '../fixtures.ts';

const DAY_MS = 24 * 60 * 60_000;
const journal = { tree: 'a1', nodes: ['first'], ranMs: 100 };

/** What people pause, resume and retry. */
export function turnsContract(current: () => StoreUnderTest): void {
  const store = () => current().store;

  const fleet = async () => {
    const row = await store().read.fleets.get('f-1');
    if (row === undefined) throw new Error('there is no fleet');
    return row;
  };
  const task = async (index: number) => {
    const row = await store().read.tasks.get(`f-1/${index}`);
    if (row === undefined) throw new Error(`there is no task ${index}`);
    return row;
  };
  const admissible = async (now = 9_000) =>
    (await store().write((tx) => tx.tasks.admissible('f-1', now, 100))).map(({ id }) => id.slice(4));
  const pause = (now = 3_000) => store().write((tx) => tx.fleets.pause('f-1', mona, now));
  const resume = (now = 4_000) => store().write((tx) => tx.fleets.resume('f-1', hubot, now));
  const cancel = (now: number) =>
    store().write(async (tx) => {
      await tx.fleets.requestCancel('f-1', now, mona);
      await tx.tasks.cancelFleet('f-1', 'mona cancelled the fleet.', now);
    });
  const retry = (indexes: readonly number[], now = 5_000) =>
    store().write((tx) =>
      tx.fleets.retry(
        'f-1',
        indexes.map((index) => `f-1/${index}`),
        hubot,
        now,
      ),
    );
  const end = async (index: number, how: typeof completed | typeof failed, now = 2_500) => {
    const held = await startTask(store(), `f-1/${index}`, now);
    await store().write((tx) => tx.tasks.end(held, how, now));
  };
  const cancelledInWaves = async (rollout: Partial<Rollout>) => {
    const all: Rollout = { canary: null, waves: [], haltOnFailure: null, approve: 'none', after: [], ...rollout };
    const plan = aPlan({ workflow: { ...aPlan().workflow, rollout: all } });
    const rows = [0, 1, 1, 2].map((wave, index) => ({
      id: `f-1/${index}`,
      repositoryId: index + 1,
      repository: `acme/${index}`,
      wave,
    }));
    await store().write(async (tx) => {
      const event = { type: 'fleet_planned', v: 1, by: 'mona', targets: rows.length, leftOut: 0 } as const;
      await tx.fleets.insert(aFleet('f-1', { plan }), rows, event);
      await tx.fleets.setTrackingIssue('f-1', trackingIssue);
    });
    await end(0, completed);
    await cancel(3_000);
  };

  it('starts nothing of a paused fleet, lets what publishes finish, and goes on when it is resumed', async () => {
    await insertReady(store(), 'f-1', 3);
    const publishing = await startTask(store(), 'f-1/0');
    await store().write(async (tx) => {
      await tx.tasks.enterPublishing(publishing, 'tree', 2_100);
      await tx.tasks.requeue(publishing, 'GitHub is slow.', 2_200, 2_200);
    });
    expect(await pause()).toBe(true);
    expect(await pause(), 'it is paused already').toBe(false);
    expect(await fleet()).toMatchObject({ pausedAt: 3_000, pausedBy: 'mona', turnedAt: 3_000 });
    expect(await store().read.fleets.isPaused('f-1')).toBe(true);
    expect(await admissible()).toEqual([]);
    expect(await store().write((tx) => tx.tasks.start('f-1/1', 9_000, 9_999))).toBeUndefined();
    expect((await store().write((tx) => tx.tasks.parked(9_000))).map(({ id }) => id)).toEqual(['f-1/0']);

    expect(await resume()).toBe(true);
    expect(await resume(), 'nothing holds it any more').toBe(false);
    expect(await fleet()).toMatchObject({ pausedAt: null, pausedBy: null, turnedAt: 4_000 });
    expect(await admissible()).toEqual(['1', '2']);
    const types = await eventTypes(store(), 'f-1');
    expect(types.filter((type) => /paused|resumed/.test(type))).toEqual(['fleet_paused', 'fleet_resumed']);
  });

  it('lets no task of a paused fleet begin to publish, and sends it back with its journal', async () => {
    await insertReady(store(), 'f-1', 1);
    const held = await startTask(store(), 'f-1/0');
    await pause();
    expect(await store().write((tx) => tx.tasks.enterPublishing(held, 'tree', 3_100))).toBe('paused');
    await store().write(async (tx) => {
      await tx.tasks.recordJournal(held, journal);
      await tx.tasks.requeue(held, 'The fleet is paused.', 3_200, 3_200);
    });
    expect(await task(0)).toMatchObject({ status: 'queued', attempt: 1, journal, publishingAt: null });
    await resume();
    const again = await startTask(store(), 'f-1/0', 4_500);
    expect(again.attempt).toBe(1);
    expect(await store().write((tx) => tx.tasks.enterPublishing(again, 'tree', 4_600))).toBe('entered');
    await pause(4_700);
    expect(await store().write((tx) => tx.tasks.enterPublishing(again, 'tree', 4_800)), 'it had begun').toBe('entered');
    await cancel(4_900);
    expect(await resume(5_000), 'it is being cancelled').toBe(false);
  });

  it('cancels what is left of a fleet that was paused for 7 days', async () => {
    await insertReady(store(), 'f-1', 1);
    await pause();
    await store().write((tx) => tx.fleets.expireGates(3_000 + 7 * DAY_MS - 1));
    expect((await fleet()).endedAt).toBeNull();
    await store().write((tx) => tx.fleets.expireGates(3_000 + 7 * DAY_MS));
    expect(await task(0)).toMatchObject({ status: 'cancelled', reason: 'Nobody resumed the fleet within 7 days.' });
    expect((await eventTypes(store(), 'f-1')).slice(-3)).toEqual(['pause_expired', 'task_cancelled', 'fleet_ended']);
    expect(await pause(), 'it is over').toBe(false);
  });

  it('queues failed, timed-out and cancelled tasks again for a new attempt, and no other ones', async () => {
    await insertReady(store(), 'f-1', 3);
    await end(0, completed);
    const held = await startTask(store(), 'f-1/1');
    await store().write(async (tx) => {
      await tx.tasks.recordJournal(held, journal);
      await tx.tasks.enterPublishing(held, 'tree', 2_300);
      await tx.tasks.end(held, { status: 'timed_out', category: 'timeout', reason: 'Too slow.' }, 2_400);
    });
    await cancel(3_000);
    expect((await fleet()).endedAt).toBe(3_000);
    expect(await retry([0, 1, 2])).toBe(2);
    const clean = {
      status: 'queued',
      outcome: null,
      category: null,
      reason: null,
      warnings: [],
      cancelRequested: false,
      publishingAt: null,
      startedAt: null,
      endedAt: null,
      notBefore: 5_000,
      journal: null,
    };
    expect(await store().read.tasks.ofFleet('f-1')).toMatchObject([
      { status: 'completed' },
      { ...clean, attempt: 1 },
      { ...clean, attempt: 0 },
    ]);
    expect(await fleet()).toMatchObject({ endedAt: null, cancelRequestedAt: null, turnedAt: 5_000 });
    expect((await eventTypes(store(), 'f-1')).slice(-4)).toEqual([
      'fleet_reopened',
      'fleet_retried',
      'task_retried',
      'task_retried',
    ]);
    expect((await startTask(store(), 'f-1/1', 6_000)).attempt).toBe(2);
    expect(await retry([1, 2]), 'they are under way').toBe(0);
  });

  it('closes the questions of the attempt before, as nobody may answer for it any more', async () => {
    await insertReady(store(), 'f-1', 1);
    const held = await startTask(store(), 'f-1/0');
    const asked = {
      taskId: held.id,
      attempt: held.attempt,
      nodeId: 'gate',
      message: 'Go on?',
      decisions: [{ id: 'approve', label: 'approve' }],
      askedAt: 2_100,
      expiresAt: 99_000,
    };
    await store().write(async (tx) => {
      await tx.nodes.put(held, aNode(held, 'gate', { kind: 'approval', status: 'waiting' }), 2_100);
      await tx.approvals.ask(held, asked);
      await tx.tasks.end(held, failed, 2_500);
    });
    await retry([0]);
    expect(await store().read.approvals.ofFleet('f-1')).toEqual([]);
    const answer = { decision: 'approve', text: '', by: mona };
    expect(await store().write((tx) => tx.approvals.decide(asked, answer, 5_100))).toBe(false);
  });

  it('asks for approval of a wave again where a cancelled fleet waited for it, and releases it where none is asked', async () => {
    await cancelledInWaves({ approve: 'each' });
    await retry([1, 3]);
    expect(await fleet()).toMatchObject({ wave: 0, gate: 'wave', gateSince: 5_000, endedAt: null });
    expect(await admissible()).toEqual([]);
    await store().write((tx) => tx.fleets.openGate('f-1', hubot, 6_000));
    expect(await admissible()).toEqual(['1']);
  });

  it('releases the wave of what is tried again where no approval is asked for', async () => {
    await cancelledInWaves({});
    await retry([3]);
    expect(await fleet()).toMatchObject({ wave: 2, gate: null });
    expect(await admissible(), 'nothing else').toEqual(['3']);
  });

  it('is not halted once more by failures of before, but by new ones', async () => {
    await cancelledInWaves({ haltOnFailure: { count: 1 } });
    await retry([1, 2, 3]);
    await end(1, failed, 6_000);
    expect((await fleet()).gate).toBe('halted');
    await cancel(6_500);
    await retry([2, 3], 7_000);
    expect(await fleet()).toMatchObject({ gate: null, gateSince: null, wave: 1 });
    await end(2, completed, 7_500);
    expect(await fleet()).toMatchObject({ gate: null, wave: 2 });
  });

  it('tries nothing again of a plan that was never approved, nor while a cancel is under way', async () => {
    await insertFleet(store(), 'f-1', 2, { expiresAt: 90_000 });
    await expect(retry([0])).rejects.toThrow('was never approved');
    await store().write((tx) => tx.fleets.approve('f-1', mona, 1_500));
    await store().write((tx) => tx.fleets.setTrackingIssue('f-1', trackingIssue));
    await startTask(store(), 'f-1/0');
    await cancel(3_000);
    await expect(retry([1])).rejects.toThrow('is being cancelled');
  });
}
