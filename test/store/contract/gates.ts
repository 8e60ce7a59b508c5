import { expect, it } from 'vitest';
import type { Rollout } from '../../../src/core/workflow/types.ts';
import type { StoreUnderTest } from '../contract.ts';
import { aFleet, aPlan, completed, eventTypes, failed, hubot, mona, startTask, trackingIssue } from '../fixtures.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Waves, what holds a fleet, and the order of repositories. */
export function gatesContract(current: () => StoreUnderTest): void {
  const store = () => current().store;

  /** @param places wave and stage of each task */
  async function insert(rollout: Partial<Rollout>, places: readonly (readonly [number, number])[]): Promise<void> {
    const all: Rollout = { canary: null, waves: [], haltOnFailure: null, approve: 'none', after: [], ...rollout };
    const plan = aPlan({ workflow: { ...aPlan().workflow, rollout: all } });
    const tasks = places.map(([wave, stage], index) => ({
      id: `f-1/${index}`,
      repositoryId: index + 1,
      repository: `acme/${index}`,
      wave,
      stage,
    }));
    const event = { type: 'fleet_planned', v: 1, by: 'mona', targets: tasks.length, leftOut: 0 } as const;
    await store().write(async (tx) => {
      await tx.fleets.insert(aFleet('f-1', { plan }), tasks, event);
      await tx.fleets.setTrackingIssue('f-1', trackingIssue);
    });
  }

  const admissible = async (): Promise<string[]> =>
    (await store().write((tx) => tx.tasks.admissible('f-1', 3_000, 100))).map(({ id }) => id.slice(4));
  const end = async (index: number, how: typeof completed | typeof failed = completed, now = 2_500): Promise<void> => {
    const task = await startTask(store(), `f-1/${index}`);
    await store().write((tx) => tx.tasks.end(task, how, now));
  };
  const fleet = async () => {
    const row = await store().read.fleets.get('f-1');
    if (row === undefined) throw new Error('there is no fleet');
    return row;
  };
  const open = (now = 4_000) => store().write((tx) => tx.fleets.openGate('f-1', hubot, now));

  it('releases a wave when the one before has ended', async () => {
    await insert({}, [
      [0, 0],
      [1, 0],
      [1, 0],
      [2, 0],
    ]);
    expect(await admissible()).toEqual(['0']);
    await end(0);
    expect(await admissible()).toEqual(['1', '2']);
    await end(1, failed);
    expect(await admissible()).toEqual(['2']);
    await end(2);
    expect(await admissible()).toEqual(['3']);
    await end(3);
    expect((await fleet()).endedAt).toBe(2_500);
    const released = (await eventTypes(store(), 'f-1')).filter((type) => type === 'wave_released');
    expect(released).toHaveLength(2);
  });

  it('starts nothing before somebody lets it go on', async () => {
    await insert({ approve: 'each' }, [
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    await end(0);
    expect(await fleet()).toMatchObject({ gate: 'wave', gateSince: 2_500, wave: 0, endedAt: null });
    expect(await admissible()).toEqual([]);
    expect(await open()).toBe(true);
    expect(await open(), 'nothing holds it any more').toBe(false);
    expect(await fleet()).toMatchObject({ gate: null, gateSince: null, wave: 1 });
    expect(await admissible()).toEqual(['1']);
    expect((await eventTypes(store(), 'f-1')).slice(-3)).toEqual(['gate_closed', 'gate_opened', 'wave_released']);
  });

  it('halts within a wave, goes on where it was, and forgives what was seen', async () => {
    await insert({ haltOnFailure: { count: 1 } }, [
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 0],
    ]);
    await end(0, failed);
    expect(await fleet()).toMatchObject({ gate: 'halted', wave: 0 });
    expect(await admissible()).toEqual([]);
    await open();
    expect(await admissible()).toEqual(['1', '2']);
    await end(1, completed, 5_000);
    expect((await fleet()).gate).toBeNull();
    await end(2, failed, 5_100);
    expect((await fleet()).gate).toBe('halted');
    await open(5_200);
    expect(await admissible(), 'the halted wave was over').toEqual(['3']);
  });

  it('lets a task that has begun to publish finish while it is held', async () => {
    await insert({ haltOnFailure: { count: 1 } }, [
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    const task = await startTask(store(), 'f-1/1');
    await store().write(async (tx) => {
      await tx.tasks.enterPublishing(task, 'tree', 2_100);
      await tx.tasks.requeue(task, 'GitHub is slow.', 2_200, 2_200);
    });
    await end(0, failed);
    expect(await admissible()).toEqual([]);
    expect((await store().write((tx) => tx.tasks.parked(3_000))).map(({ id }) => id)).toEqual(['f-1/1']);
  });

  it('lets a task go on that had begun, as one whose question was answered', async () => {
    await insert({ haltOnFailure: { count: 1 } }, [
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    const task = await startTask(store(), 'f-1/1');
    await store().write(async (tx) => {
      await tx.tasks.recordJournal(task, { tree: 'a'.repeat(40), nodes: [], ranMs: 0 });
      await tx.tasks.requeue(task, '`gate` was decided.', 2_200, 2_200);
    });
    await end(0, failed);
    expect((await fleet()).gate).toBe('halted');
    expect(await admissible()).toEqual(['1']);
  });

  it('starts a task when those before it by `after` have ended, in its wave and earlier ones', async () => {
    await insert({}, [
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    expect(await admissible(), 'the library comes in a later wave').toEqual(['0']);
    await end(0);
    expect(await admissible()).toEqual(['1']);
    const library = await startTask(store(), 'f-1/1');
    expect(await admissible()).toEqual([]);
    await store().write((tx) => tx.tasks.end(library, failed, 2_600));
    expect(await admissible()).toEqual(['2']);
  });

  it('is cancelled as a whole while it is held, and by itself after 7 days', async () => {
    await insert({ approve: 'canary', canary: { count: 1 } }, [
      [0, 0],
      [1, 0],
    ]);
    await end(0);
    await store().write((tx) => tx.fleets.expireGates(2_500 + 7 * DAY_MS - 1));
    expect((await fleet()).endedAt).toBeNull();
    await store().write((tx) => tx.fleets.expireGates(2_500 + 7 * DAY_MS));
    expect((await fleet()).endedAt).not.toBeNull();
    expect((await store().read.tasks.ofFleet('f-1')).map(({ status }) => status)).toEqual(['completed', 'cancelled']);
    expect((await eventTypes(store(), 'f-1')).slice(-3)).toEqual(['gate_expired', 'task_cancelled', 'fleet_ended']);
    expect(await open()).toBe(false);
  });

  it('ends by itself also where a task ran while nobody let it go on', async () => {
    await insert({ haltOnFailure: { count: 1 } }, [
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    await startTask(store(), 'f-1/1');
    await end(0, failed);
    const late = 2_500 + 7 * DAY_MS;
    await store().write(async (tx) => {
      await tx.orphanLeases();
      await tx.fleets.expireGates(late);
      for (const orphan of await tx.tasks.abandoned(late)) await tx.tasks.abandon(orphan, late);
    });
    const ended = (await store().read.tasks.ofFleet('f-1')).map(({ status }) => status);
    expect(ended).toEqual(['failed', 'cancelled', 'cancelled']);
    expect((await fleet()).endedAt).toBe(late);
  });

  it('passes over a wave whose tasks were all refused', async () => {
    await insert({}, [
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    await store().write((tx) => tx.tasks.refuse('f-1', [{ taskId: 'f-1/1', reason: 'No more.' }], 'permission', 2_000));
    await end(0);
    expect(await fleet()).toMatchObject({ wave: 2, gate: null });
    expect(await admissible()).toEqual(['2']);
  });

  it('ends with a cancel, whatever waves were never released', async () => {
    await insert({ approve: 'each' }, [
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    await end(0);
    await store().write(async (tx) => {
      await tx.fleets.requestCancel('f-1', 3_000, mona);
      await tx.tasks.cancelFleet('f-1', 'mona cancelled the fleet.', 3_000);
    });
    expect((await fleet()).endedAt).toBe(3_000);
  });
}
