import { expect, it } from 'vitest';
import type { SessionsOf } from '../../../src/store/contract/sessions.ts';
import type { Store } from '../../../src/store/contract/store.ts';
import type { StoreUnderTest } from '../contract.ts';
import { aSession, failed, insertReady, spend, startTask } from '../fixtures.ts';

const ofFleet = (fleetId: string): SessionsOf => ({ of: 'fleet', fleetId });
const ofDay = (userId: number, since = 0): SessionsOf => ({ of: 'user', userId, since });
const over = (costUsd: number | null) => ({ costUsd, computed: false, countedUsd: costUsd ?? 5, tokens: null });

export function sessionsContract(under: () => StoreUnderTest): void {
  const counted = (store: Store, of: SessionsOf, except?: string) => store.read.sessions.counted(of, except);
  const settled = (spentUsd: number) => ({ spentUsd, toldUsd: 0, heldUsd: 0 });
  const sums = async (store: Store, id: string) => {
    const task = await store.read.tasks.get(id);
    return [task?.costUsd, task?.countedUsd];
  };

  it('count for the worst case while they tell nothing, then for what they tell, then for what they came to', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const task = await startTask(store, 'f-1/0');
    await store.write((tx) => tx.sessions.begin(aSession(task, 's-1')));
    expect(await counted(store, ofFleet('f-1'))).toEqual({ spentUsd: 0, toldUsd: 0, heldUsd: 5 });
    expect(await counted(store, ofFleet('f-1'), 's-1')).toEqual(settled(0));
    await store.write((tx) => tx.sessions.tell('s-1', 0.3));
    expect(await counted(store, ofFleet('f-1'))).toEqual({ spentUsd: 0, toldUsd: 0.3, heldUsd: 0.3 });
    await store.write((tx) => tx.sessions.settle('s-1', over(0.4)));
    await store.write((tx) => tx.sessions.tell('s-1', 9));
    expect(await counted(store, ofFleet('f-1'))).toEqual(settled(0.4));
    expect(await sums(store, 'f-1/0')).toEqual([0.4, 0.4]);
  });

  it('are summed over nodes, tasks, fleets and people, each without the others', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    await insertReady(store, 'f-2', 1);
    const one = await startTask(store, 'f-1/0');
    const two = await startTask(store, 'f-1/1');
    const other = await startTask(store, 'f-2/0');
    await store.write(async (tx) => {
      await tx.sessions.begin(aSession(one, 's-1', { nodeId: 'group/1/ask', place: 'group/ask' }));
      await tx.sessions.settle('s-1', over(0.1));
      await tx.sessions.begin(aSession(one, 's-2', { startedAt: 3_000 }));
      await tx.sessions.settle('s-2', over(null));
      await tx.sessions.begin(aSession(two, 's-3', { userId: 8 }));
      await tx.sessions.settle('s-3', over(0.2));
      await tx.sessions.begin(aSession(other, 's-4'));
      await tx.sessions.settle('s-4', over(0.7));
    });
    const ofNode = { of: 'node', taskId: one.id, attempt: 1, place: 'group/ask', since: 2_000 } as const;
    expect(await counted(store, ofNode)).toEqual(settled(0.1));
    expect(await counted(store, { ...ofNode, attempt: 2 })).toEqual(settled(0));
    expect(await counted(store, { ...ofNode, since: 2_001 })).toEqual(settled(0));
    expect(await counted(store, { of: 'task', taskId: one.id })).toEqual(settled(5.1));
    expect(await counted(store, ofFleet('f-1'))).toEqual(settled(5.3));
    expect(await counted(store, ofDay(7))).toEqual(settled(5.8));
    expect(await counted(store, ofDay(7, 2_000)), 'those that began later').toEqual(settled(5));
    expect(await counted(store, ofDay(8))).toEqual(settled(0.2));
    expect(await counted(store, ofFleet('f-3'))).toEqual(settled(0));
    expect(await store.read.sessions.ofUser(7, 1_999)).toEqual([
      { startedAt: 2_000, countedUsd: 0.1 },
      { startedAt: 2_000, countedUsd: 0.7 },
      { startedAt: 3_000, countedUsd: 5 },
    ]);
    expect(await sums(store, 'f-1/0')).toEqual([0.1, 5.1]);
    expect(await store.read.sessions.asked(one.id, 1, 'group/1/ask')).toBe(true);
    expect(await store.read.sessions.asked(one.id, 1, 'group/2/ask')).toBe(false);
  });

  it('tell what is known of costs and tokens beside what is not, by task and over all attempts', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    const first = await startTask(store, 'f-1/0');
    await spend(store, first, null);
    await store.write((tx) => tx.tasks.requeue(first, 'lost', 0, 2_100));
    const again = await startTask(store, 'f-1/0');
    const tokens = { input: 10, output: 2, cachedInput: 30 };
    await store.write(async (tx) => {
      await tx.sessions.begin(aSession(again, 's-2'));
      await tx.sessions.settle('s-2', { costUsd: 0.12, computed: true, countedUsd: 0.12, tokens });
      await tx.sessions.begin(aSession(again, 's-3'));
      await tx.sessions.settle('s-3', { costUsd: 0.1, computed: false, countedUsd: 0.1, tokens });
      await tx.sessions.begin(aSession(again, 's-4'));
    });
    expect(await store.read.sessions.spentOfFleet('f-1')).toEqual(
      new Map([
        [
          'f-1/0',
          {
            sessions: 3,
            knownUsd: 0.22,
            computed: true,
            unknown: 1,
            tokens: { input: 20, output: 4, cachedInput: 60 },
            unknownTokens: 1,
          },
        ],
      ]),
    );
  });

  it('tell what earlier fleets of the workflow cost in a repository, as far as it is known', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 3);
    await insertReady(store, 'f-2', 1, { workflow: 'other' });
    await insertReady(store, 'f-3', 1, { controlRepositoryId: 101 });
    const earlier = (since = 0) => store.read.sessions.earlierCosts(100, 'bump', since);
    expect(await earlier()).toBeNull();
    await spend(store, await startTask(store, 'f-1/0'), null);
    expect(await earlier()).toBeNull();
    const costs = { 'f-1/1': 0.1, 'f-1/2': 0.3, 'f-2/0': 7, 'f-3/0': 9 };
    for (const [id, cost] of Object.entries(costs)) await spend(store, await startTask(store, id), cost);
    expect(await earlier()).toEqual({ tasks: 2, eachUsd: 0.2 });
    expect(await earlier(2_000)).toBeNull();
  });

  it('of which no agent got a prompt are as if they had not been', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const task = await startTask(store, 'f-1/0');
    await store.write((tx) => tx.sessions.begin(aSession(task, 's-1')));
    await store.write((tx) => tx.sessions.discard('s-1'));
    expect(await sums(store, 'f-1/0')).toEqual([null, 0]);
    expect(await store.read.sessions.spentOfFleet('f-1')).toEqual(new Map());
  });

  it('that nobody has any more count for what they have told, or for the worst case, until they are settled', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 3);
    const silent = await startTask(store, 'f-1/0');
    const dear = await startTask(store, 'f-1/1');
    const atWork = await startTask(store, 'f-1/2');
    await store.write(async (tx) => {
      await tx.sessions.begin(aSession(silent, 's-1'));
      await tx.sessions.begin(aSession(dear, 's-2'));
      await tx.sessions.tell('s-2', 7);
      await tx.sessions.begin(aSession(atWork, 's-3'));
      await tx.sessions.tell('s-3', 0.2);
      await tx.tasks.end(silent, failed, 3_000);
      await tx.tasks.requeue(dear, 'lost', 0, 3_000);
      await tx.sessions.loseStopped();
    });
    expect(await counted(store, ofFleet('f-1'))).toEqual({ spentUsd: 12, toldUsd: 0.2, heldUsd: 0.2 });
    const spent = await store.read.sessions.spentOfFleet('f-1');
    expect(spent.get('f-1/1')).toMatchObject({ sessions: 1, knownUsd: 7, unknown: 1 });
    await store.write((tx) => tx.sessions.settle('s-2', over(7.5)));
    await store.write((tx) => tx.orphanLeases());
    expect(await counted(store, ofFleet('f-1'))).toEqual(settled(12.7));
    expect(await sums(store, 'f-1/1')).toEqual([7.5, 7.5]);
  });
}
