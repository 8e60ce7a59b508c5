import { expect, it } from 'vitest';
import type { StoreUnderTest } from '../contract.ts';
import { aNode, completed, failed, hubot, insertFleet, insertReady, mona, startTask } from '../fixtures.ts';

/** What an estimate of the turns asks of all fleets. */
export function queueContract(current: () => StoreUnderTest): void {
  const store = () => current().store;
  const inLine = async () => {
    const lines = await store().read.tasks.inLine();
    return Object.fromEntries(lines.map(({ fleetId, tasks }) => [fleetId, tasks]));
  };
  /** Starts and ends a task that takes so long. */
  async function work(id: string, ms: number, end: typeof completed | typeof failed = completed): Promise<void> {
    const task = await startTask(store(), id, 2_000);
    await store().write((tx) => tx.tasks.end(task, end, 2_000 + ms));
  }

  it('counts what waits for its turn alone: not what runs, publishes, or has ended', async () => {
    await insertReady(store(), 'f-1', 5);
    await insertReady(store(), 'f-2', 2, { branch: 'fleet/other' });
    expect(await inLine()).toEqual({ 'f-1': 5, 'f-2': 2 });
    await work('f-1/0', 1_000);
    await startTask(store(), 'f-1/1');
    const publishing = await startTask(store(), 'f-1/2');
    await store().write(async (tx) => {
      await tx.tasks.enterPublishing(publishing, 'a tree', 2_100);
      await tx.tasks.requeue(publishing, "paced by GitHub's limits", 9_000, 2_200);
    });
    expect(await inLine()).toEqual({ 'f-1': 2, 'f-2': 2 });
  });

  it('counts no fleet that waits for a person or is cancelled, nor a wave that is not released', async () => {
    await insertFleet(store(), 'f-planned', 1, { expiresAt: 90_000 });
    for (const id of ['f-paused', 'f-cancelled']) await insertReady(store(), id, 1);
    await store().write(async (tx) => {
      await tx.fleets.pause('f-paused', mona, 2_000);
      await tx.fleets.requestCancel('f-cancelled', 2_000, mona);
      const rows = [0, 1, 1].map((wave, index) => ({
        id: `f-waves/${index}`,
        repositoryId: index + 1,
        repository: `acme/service-${index + 1}`,
        wave,
      }));
      const fleet = await tx.fleets.get('f-paused');
      if (fleet === undefined) throw new Error('There is no fleet.');
      const waves = { ...fleet, id: 'f-waves', fleetKey: 'k', deliveryId: 'd', branch: 'fleet/waves' };
      await tx.fleets.insert(waves, rows, { type: 'fleet_planned', v: 1, by: 'mona', targets: 3, leftOut: 0 });
    });
    expect(await inLine()).toEqual({ 'f-waves': 1 });
  });

  it('tells how long the latest tasks took, of all fleets, without cancelled ones and those that asked a person', async () => {
    await insertReady(store(), 'f-1', 5);
    await insertReady(store(), 'f-2', 1, { branch: 'fleet/other' });
    expect(await store().read.tasks.lastEnded(10)).toEqual([]);
    await work('f-1/0', 1_000);
    await work('f-2/0', 3_000, failed);
    await work('f-1/1', 2_000);
    const asks = await startTask(store(), 'f-1/2');
    await store().write(async (tx) => {
      const { id: taskId, attempt } = asks;
      await tx.nodes.put(asks, aNode(asks, 'gate', { kind: 'approval', status: 'waiting' }), 2_500);
      const decisions = [{ id: 'approve', label: 'approve' }];
      const asked = { taskId, attempt, nodeId: 'gate', message: 'Go on?', decisions, askedAt: 2_500, expiresAt: 9_000 };
      await tx.approvals.ask(asks, asked);
      await tx.approvals.decide(asked, { decision: 'approve', text: '', by: hubot }, 7_000);
      await tx.tasks.end(asks, completed, 8_000);
    });
    const cancelled = await startTask(store(), 'f-1/3');
    await store().write((tx) => tx.tasks.end(cancelled, { status: 'cancelled', reason: 'Somebody did.' }, 8_000));
    expect(await store().read.tasks.lastEnded(10)).toEqual([
      { fleetId: 'f-2', ms: 3_000 },
      { fleetId: 'f-1', ms: 2_000 },
      { fleetId: 'f-1', ms: 1_000 },
    ]);
    expect(await store().read.tasks.lastEnded(2)).toHaveLength(2);
  });
}
