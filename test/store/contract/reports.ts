import { expect, it } from 'vitest';
import { FenceLost } from '../../../src/store/contract/lease.ts';
import type { Store } from '../../../src/store/contract/store.ts';
import type { StoreUnderTest } from '../contract.ts';
import { hubot, insertReady, startTask } from '../fixtures.ts';

export function reportsContract(under: () => StoreUnderTest): void {
  const claim = (store: Store, now: number) => store.write((tx) => tx.fleets.claimReport('f-1', now, now + 100));
  const claimed = async (store: Store, now: number) => {
    const row = await claim(store, now);
    if (row === undefined) throw new Error('the report is not free');
    return row;
  };
  const behind = async (store: Store, now: number) =>
    (await store.read.fleets.reportsBehind(now)).map((fleet) => fleet.id);

  it('is behind while events are ahead of it, and belongs to one reporter at a time', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    expect(await behind(store, 10)).toEqual(['f-1']);
    const row = await claimed(store, 10);
    expect(row).toMatchObject({ id: 'f-1', fence: 1, eventSeq: 1 });
    expect(await claim(store, 11)).toBeUndefined();
    expect(await behind(store, 11)).toEqual([]);
    const pages = [{ commentId: null, digest: 'abc' }];
    await store.write((tx) => tx.fleets.reported(row, { seq: row.eventSeq, at: 20, pages }));
    expect(await behind(store, 21)).toEqual([]);
    expect(await store.read.fleets.get('f-1')).toMatchObject({ reportedSeq: 1, reportedAt: 20, reportedPages: pages });
  });

  it('stays behind when an event came while it was being written', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 2);
    const row = await claimed(store, 10);
    await startTask(store, 'f-1/0');
    await store.write((tx) => tx.fleets.reported(row, { seq: row.eventSeq, at: 20, pages: [] }));
    expect(await behind(store, 21)).toEqual(['f-1']);
  });

  it('is due after an edit by somebody else, of which those before the next claim are one', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const edit = (now: number) => store.write((tx) => tx.fleets.noteEdit('f-1', hubot, now));
    const edited = async () => {
      const { editedSeq, putBackSeq } = (await store.read.fleets.get('f-1')) ?? {};
      return [editedSeq, putBackSeq];
    };
    const first = await claimed(store, 10);
    await store.write((tx) => tx.fleets.reported(first, { seq: first.eventSeq, at: 10, pages: [] }));
    expect(await edited()).toEqual([0, 0]);
    await edit(20);
    await edit(21);
    expect(await edited()).toEqual([2, 0]);
    expect(await behind(store, 22)).toEqual(['f-1']);

    const second = await claimed(store, 30);
    await edit(31);
    expect(await edited(), 'it came too late for the report under way').toEqual([3, 0]);
    const { editedSeq } = second;
    await store.write((tx) => tx.fleets.reported(second, { seq: 3, at: 30, pages: [], putBack: editedSeq }));
    expect(await edited()).toEqual([3, 2]);
    const events = await store.read.events.ofFleet('f-1');
    expect(events.filter(({ event }) => event.type === 'issue_edited').map(({ at }) => at)).toEqual([20, 31]);
  });

  it('goes to another reporter when the lease ended, and the first one is refused', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const first = await claimed(store, 10);
    const second = await claimed(store, 111);
    const report = { seq: 1, at: 120, pages: [] };
    await expect(store.write((tx) => tx.fleets.reported(first, report))).rejects.toThrow(FenceLost);
    await store.write((tx) => tx.fleets.reported(second, report));
    await expect(store.write((tx) => tx.fleets.reported(second, report))).rejects.toThrow(FenceLost);
  });

  it('waits after a release until its time', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const row = await claimed(store, 10);
    await store.write((tx) => tx.fleets.releaseReport(row, 500));
    expect(await claim(store, 499)).toBeUndefined();
    expect(await behind(store, 499)).toEqual([]);
    expect(await behind(store, 500)).toEqual(['f-1']);
    await claimed(store, 500);
  });

  it('is free again when leases are orphaned', async () => {
    const { store } = under();
    await insertReady(store, 'f-1', 1);
    const row = await claimed(store, 10);
    await store.write((tx) => tx.orphanLeases());
    await expect(store.write((tx) => tx.fleets.releaseReport(row, 0))).rejects.toThrow(FenceLost);
    await claimed(store, 11);
  });
}
