import { expect, it } from 'vitest';
import type { Lease } from '../../../src/store/contract/lease.ts';
import type { TaskRow } from '../../../src/store/contract/tasks.ts';
import type { StoreUnderTest } from '../contract.ts';
import { aNode, eventTypes, hubot, insertReady, mona, startTask } from '../fixtures.ts';

const decisions = [
  { id: 'approve', label: 'Go on' },
  { id: 'reject', label: 'Stop' },
];
const JOURNAL = { tree: 'a'.repeat(40), nodes: ['build'], ranMs: 900 };
const yes = { decision: 'approve', text: 'fine', by: hubot };

/** How a task waits for a person, and goes on. */
export function approvalsContract(current: () => StoreUnderTest): void {
  const store = () => current().store;
  const taskOf = async (id: string) => {
    const task = await store().read.tasks.get(id);
    if (task === undefined) throw new Error(`there is no task ${id}`);
    return task;
  };

  async function ask(task: TaskRow & Lease, nodeId = 'gate', expiresAt = 9_000): Promise<void> {
    const { id: taskId, attempt } = task;
    await store().write(async (tx) => {
      await tx.nodes.put(task, aNode(task, nodeId, { kind: 'approval', status: 'waiting' }), 2_500);
      const message = `May ${nodeId}?`;
      await tx.approvals.ask(task, { taskId, attempt, nodeId, message, decisions, askedAt: 2_500, expiresAt });
    });
  }

  /** A task whose node `build` is done and whose approval `gate` waits. */
  async function parked(id = 'f-1'): Promise<TaskRow & Lease> {
    await insertReady(store(), id, 2);
    const task = await startTask(store(), `${id}/0`);
    await store().write(async (tx) => {
      await tx.nodes.put(task, aNode(task, 'build'), 2_200);
      await tx.nodes.put(task, aNode(task, 'build', { status: 'completed', output: 'built' }), 2_300);
    });
    await ask(task);
    await store().write(async (tx) => {
      await tx.tasks.recordJournal(task, JOURNAL);
      await tx.tasks.park(task, 2_600);
    });
    return task;
  }

  const decide = (task: TaskRow, answer = yes, now = 3_000) =>
    store().write((tx) => tx.approvals.decide({ taskId: task.id, attempt: task.attempt, nodeId: 'gate' }, answer, now));
  const start = (id: string, now = 3_500) => store().write((tx) => tx.tasks.start(id, now, now + 60_000));

  it('parks a task without lease and slot, which keeps its branch and does not end its fleet', async () => {
    const task = await parked();
    expect(await taskOf(task.id)).toMatchObject({ status: 'waiting', journal: JOURNAL, endedAt: null });
    expect((await store().write((tx) => tx.fleets.loads())).map(({ running }) => running)).toEqual([0]);
    expect(await store().write((tx) => tx.tasks.abandoned(999_999))).toEqual([]);
    expect(await start(task.id)).toBeUndefined();
    await insertReady(store(), 'f-2', 1, { branch: 'fleet/f-1' });
    expect(await start('f-2/0'), 'another task on the same branch').toBeUndefined();
    expect((await eventTypes(store(), 'f-1')).slice(-2)).toEqual(['approval_asked', 'task_waiting']);
  });

  it('goes on with the same attempt after a decision', async () => {
    const task = await parked();
    expect(await decide(task)).toBe(true);
    const [approval] = await store().read.approvals.ofTask(task.id, task.attempt);
    expect(approval).toMatchObject({
      nodeId: 'gate',
      message: 'May gate?',
      decisions,
      answer: { kind: 'decided', decision: 'approve', text: 'fine', by: hubot, at: 3_000 },
    });
    expect((await taskOf(task.id)).status).toBe('queued');
    const again = await start(task.id);
    expect(again).toMatchObject({ attempt: task.attempt, startedAt: task.startedAt, journal: JOURNAL });
    expect(again?.fence).toBe(task.fence + 1);
    expect((await eventTypes(store(), 'f-1')).slice(-3)).toEqual(['approval_decided', 'task_requeued', 'task_started']);
  });

  it('takes one answer, in time, for the attempt that asked', async () => {
    const task = await parked();
    expect(await decide({ ...task, attempt: task.attempt + 1 })).toBe(false);
    expect(await decide(task, yes, 9_000), 'too late').toBe(false);
    expect(await decide(task)).toBe(true);
    expect(await decide(task, { decision: 'reject', text: '', by: mona })).toBe(false);
    const [approval] = await store().read.approvals.ofFleet('f-1');
    expect(approval?.answer).toMatchObject({ decision: 'approve', by: hubot });
  });

  it('asks once, under the fence', async () => {
    const task = await parked();
    await decide(task);
    const again = await start(task.id);
    if (again === undefined) throw new Error('the task did not start');
    const question = {
      taskId: task.id,
      attempt: 1,
      nodeId: 'gate',
      message: 'Else?',
      decisions,
      askedAt: 1,
      expiresAt: 2,
    };
    await store().write((tx) => tx.approvals.ask(again, question));
    expect((await store().read.approvals.ofTask(task.id, 1)).map(({ message }) => message)).toEqual(['May gate?']);
    await expect(store().write((tx) => tx.approvals.ask(task, question))).rejects.toThrow('fence');
  });

  it('is queued at once when the answer came before it was parked', async () => {
    await insertReady(store(), 'f-1', 1);
    const task = await startTask(store(), 'f-1/0');
    await ask(task);
    expect(await decide(task)).toBe(true);
    expect((await taskOf(task.id)).status).toBe('running');
    await store().write(async (tx) => {
      await tx.tasks.recordJournal(task, JOURNAL);
      await tx.tasks.park(task, 3_100);
    });
    expect((await taskOf(task.id)).status).toBe('queued');
  });

  it('refuses to park what waits for nothing or has nothing to go on from', async () => {
    await insertReady(store(), 'f-1', 1);
    const task = await startTask(store(), 'f-1/0');
    await expect(store().write((tx) => tx.tasks.park(task, 2_600))).rejects.toThrow('waits for nothing');
    await ask(task);
    await expect(store().write((tx) => tx.tasks.park(task, 2_600))).rejects.toThrow('nothing to go on from');
  });

  it('answers by itself what nobody decided in time, so that the workflow says what follows', async () => {
    const task = await parked();
    await store().write((tx) => tx.approvals.expire(8_999));
    expect((await taskOf(task.id)).status).toBe('waiting');
    await store().write((tx) => tx.approvals.expire(9_000));
    expect((await taskOf(task.id)).status).toBe('queued');
    expect((await store().read.approvals.ofFleet('f-1'))[0]?.answer).toEqual({ kind: 'expired', at: 9_000 });
    expect((await eventTypes(store(), 'f-1')).slice(-2)).toEqual(['approval_expired', 'task_requeued']);
  });

  it('is cancelled at once while it waits, with what it asked', async () => {
    const task = await parked();
    await store().write(async (tx) => {
      await tx.fleets.requestCancel('f-1', 4_000, mona);
      await tx.tasks.cancelFleet('f-1', 'mona cancelled the fleet.', 4_000);
    });
    expect(await taskOf(task.id)).toMatchObject({ status: 'cancelled', journal: null });
    const rows = await store().read.nodes.ofTask(task.id, 1);
    expect(rows.map(({ nodeId, status }) => [nodeId, status])).toEqual([
      ['build', 'completed'],
      ['gate', 'failed'],
    ]);
    expect((await store().read.fleets.get('f-1'))?.endedAt).toBe(4_000);
    expect(await decide(task, yes, 4_100)).toBe(false);
  });

  it('undoes what ended after the journal was written, groups whole, and keeps questions open', async () => {
    const task = await parked();
    await decide(task);
    const again = await start(task.id);
    if (again === undefined) throw new Error('the task did not start');
    await store().write(async (tx) => {
      for (const [nodeId, status] of [
        ['after', 'running'],
        ['group/1/test', 'running'],
        ['group/1/test', 'completed'],
        ['never', 'skipped'],
      ] as const) {
        await tx.nodes.put(again, aNode(again, nodeId, { status }), 3_600);
      }
      await tx.tasks.resume(again, { keep: ['build'], void: [] }, 3_700);
    });
    const rows = await store().read.nodes.ofTask(task.id, 1);
    expect(rows.map(({ nodeId, status }) => [nodeId, status])).toEqual([
      ['build', 'completed'],
      ['gate', 'waiting'],
      ['after', 'pending'],
      ['group/1/test', 'pending'],
      ['never', 'pending'],
    ]);
    await store().write((tx) => tx.nodes.put(again, aNode(again, 'after'), 3_800));
    const events = await store().read.events.ofFleet('f-1');
    expect(events.find(({ event }) => event.type === 'task_resumed')?.event).toMatchObject({ attempt: 1, undone: 3 });
  });

  it('keeps an answer whose effect is undone, and forgets one about what is done again', async () => {
    const task = await parked();
    await decide(task);
    const again = await start(task.id);
    if (again === undefined) throw new Error('the task did not start');
    await store().write(async (tx) => {
      await tx.nodes.put(again, aNode(again, 'gate', { kind: 'approval', status: 'completed' }), 3_600);
      await tx.tasks.resume(again, { keep: ['build'], void: [] }, 3_700);
    });
    const gate = async () => (await store().read.nodes.ofTask(task.id, 1)).find(({ nodeId }) => nodeId === 'gate');
    expect((await gate())?.status).toBe('waiting');
    expect((await store().read.approvals.ofTask(task.id, 1)).map(({ answer }) => answer?.kind)).toEqual(['decided']);
    await store().write((tx) => tx.tasks.resume(again, { keep: [], void: ['gate'] }, 3_800));
    expect((await gate())?.status).toBe('pending');
    expect(await store().read.approvals.ofTask(task.id, 1)).toEqual([]);
  });

  it('is not asked any more once nothing is left to go on from', async () => {
    await insertReady(store(), 'f-1', 1);
    const task = await startTask(store(), 'f-1/0');
    await ask(task);
    await store().write((tx) => tx.tasks.requeue(task, 'The server is stopping.', 2_600, 2_600));
    expect(await store().read.approvals.ofFleet('f-1')).toEqual([]);
    expect(await decide(task), 'nobody would see the answer').toBe(false);
  });

  it('ends instead of beginning again when its fleet was cancelled meanwhile', async () => {
    const task = await parked();
    await decide(task);
    const again = await start(task.id);
    if (again === undefined) throw new Error('the task did not start');
    await store().write(async (tx) => {
      await tx.fleets.requestCancel('f-1', 3_550, mona);
      await tx.tasks.cancelFleet('f-1', 'mona cancelled the fleet.', 3_550);
      await tx.tasks.beginAgain(again, 'Its workspace is gone.', 3_600);
    });
    expect((await taskOf(task.id)).status).toBe('cancelled');
    expect((await store().read.fleets.get('f-1'))?.endedAt).toBe(3_600);
  });

  it('begins again with a new attempt where it cannot go on, which asks anew', async () => {
    const task = await parked();
    await decide(task);
    const again = await start(task.id);
    if (again === undefined) throw new Error('the task did not start');
    await store().write((tx) => tx.tasks.beginAgain(again, 'Its workspace is gone.', 3_600));
    expect(await taskOf(task.id)).toMatchObject({ status: 'queued', journal: null });
    expect(await start(task.id, 3_700)).toMatchObject({ attempt: 2, startedAt: 3_700 });
    expect(await store().read.approvals.ofFleet('f-1'), 'the earlier attempt asked').toEqual([]);
  });

  it('keeps its journal when the process dies, and loses it with its end', async () => {
    const task = await parked();
    await decide(task);
    await start(task.id);
    await store().write((tx) => tx.orphanLeases());
    const [orphan] = await store().write((tx) => tx.tasks.abandoned(5_000));
    if (orphan === undefined) throw new Error('nothing was abandoned');
    await store().write((tx) => tx.tasks.abandon(orphan, 5_000));
    const third = await start(task.id, 5_100);
    expect(third).toMatchObject({ attempt: 1, journal: JOURNAL });
    if (third === undefined) return;
    await store().write((tx) => tx.tasks.end(third, { status: 'cancelled', reason: 'no' }, 5_200));
    expect((await taskOf(task.id)).journal).toBeNull();
  });
}
