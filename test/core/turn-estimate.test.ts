import { describe, expect, it } from 'vitest';
import { estimateTurns, type FleetLine, type QueueView } from '../../src/core/turn-estimate.ts';

const NOW = 1_000_000;
const MINUTE = 60_000;
const CAPS = { system: 8, perUser: 8 };

const line = (fleetId: string, change: Partial<FleetLine> = {}): FleetLine => ({
  fleetId,
  userId: 1,
  parallel: null,
  parked: 0,
  runningSince: [],
  queued: [0],
  ...change,
});
const took = (fleetId: string, ...minutes: number[]): QueueView['took'] =>
  minutes.map((each) => ({ fleetId, ms: each * MINUTE }));

/** Minutes from now at which the tasks of `mine` start, and their end. */
function minutes(view: Partial<QueueView>): { starts: (number | null)[]; behind: number[]; done: number | null } {
  const { turns, doneAt } = estimateTurns({ caps: CAPS, fleets: [], took: [], ...view }, 'mine', NOW);
  const from = (at: number | null) => (at === null ? null : (at - NOW) / MINUTE);
  return {
    starts: turns.map(({ startsAt }) => from(startsAt)),
    behind: turns.map(({ behind }) => behind),
    done: from(doneAt),
  };
}

describe('a fleet alone', () => {
  it('starts its next task when one that runs has taken as long as the ended ones', () => {
    const fleets = [line('mine', { parallel: 2, runningSince: [NOW - 3 * MINUTE, NOW], queued: [4] })];
    expect(minutes({ fleets, took: took('mine', 2, 4, 6) })).toMatchObject({ starts: [1, 4, 5, 8], done: 12 });
  });

  it('expects one that is late to end now', () => {
    const fleets = [line('mine', { parallel: 1, runningSince: [NOW - 60 * MINUTE], queued: [2] })];
    expect(minutes({ fleets, took: took('mine', 4) })).toMatchObject({ starts: [0, 4], done: 8 });
  });

  it('is told by a single task that has ended, and by those of other fleets as long as few of its own have', () => {
    const fleets = [line('mine', { parallel: 1, runningSince: [NOW], queued: [1] })];
    expect(minutes({ fleets, took: took('other', 5) }).starts).toEqual([5]);
    expect(minutes({ fleets, took: [...took('mine', 1), ...took('other', 5)] }).starts).toEqual([3]);
    expect(minutes({ fleets, took: [...took('mine', 1, 1, 1), ...took('other', 5)] }).starts).toEqual([1]);
  });

  it('knows before any task has ended only which ones start now', () => {
    const fleets = [line('mine', { parallel: 2, queued: [3] })];
    expect(minutes({ fleets })).toEqual({ starts: [0, 0, null], behind: [0, 0, 0], done: null });
    const late = [line('mine', { parallel: 1, runningSince: [0], queued: [1] })];
    expect(minutes({ fleets: late }).starts, 'nor how late a running one is').toEqual([null]);
  });

  it('lets a part that comes `after` another wait until that has ended, and one in the middle of publishing have its place', () => {
    const fleets = [line('mine', { runningSince: [NOW], queued: [0, 2, 1] })];
    expect(minutes({ fleets, took: took('mine', 5) })).toMatchObject({ starts: [5, 5, 10], done: 15 });
    const parked = [line('mine', { parallel: 1, parked: 1, queued: [1] })];
    expect(minutes({ fleets: parked, took: took('mine', 5) }).starts).toEqual([5]);
  });

  it('tells the end of a queue that is too long to be played by the pace of its beginning', () => {
    const fleets = [line('mine', { parallel: 1, runningSince: [NOW], queued: [10_000] })];
    const { starts, done } = minutes({ fleets, took: took('mine', 1) });
    expect(starts.length).toBeLessThan(10_000);
    expect(Math.abs((done ?? 0) - 10_001)).toBeLessThan(10);
  });

  it('tells nothing where no slot is ever free', () => {
    const fleets = [line('mine', { queued: [1] })];
    expect(minutes({ fleets, caps: { system: 0, perUser: 0 }, took: took('mine', 1) })).toMatchObject({
      starts: [],
      done: null,
    });
  });
});

describe('a fleet beside others', () => {
  it('waits for the tasks of an older one that a cap of 1 lets go first', () => {
    const fleets = [line('old', { runningSince: [NOW], queued: [2] }), line('mine', { queued: [2] })];
    expect(minutes({ fleets, caps: { system: 1, perUser: 1 }, took: took('old', 10) })).toEqual({
      starts: [30, 40],
      behind: [2, 2],
      done: 50,
    });
  });

  it('takes turns with them where there are slots for both', () => {
    const fleets = [
      line('old', { runningSince: [NOW - MINUTE, NOW], queued: [100] }),
      line('mine', { userId: 2, queued: [3] }),
    ];
    expect(minutes({ fleets, caps: { system: 2, perUser: 2 }, took: took('old', 10) })).toEqual({
      starts: [9, 19, 29],
      behind: [0, 1, 2],
      done: 39,
    });
  });

  it('waits only for its own sender where that is the cap that holds it', () => {
    const fleets = [
      line('theirs', { userId: 2, runningSince: [NOW], queued: [50] }),
      line('earlier', { runningSince: [NOW - 8 * MINUTE] }),
      line('mine', { queued: [2] }),
    ];
    const { starts, behind } = minutes({ fleets, caps: { system: 8, perUser: 1 }, took: took('earlier', 10) });
    expect([starts, behind]).toEqual([
      [2, 12],
      [0, 1],
    ]);
  });

  it('counts on each to take as long as its own tasks took', () => {
    const fleets = [line('slow', { runningSince: [NOW], queued: [1] }), line('mine', { queued: [2] })];
    const both = [...took('slow', 30, 30, 30), ...took('mine', 1, 1, 1)];
    expect(minutes({ fleets, caps: { system: 1, perUser: 1 }, took: both })).toMatchObject({
      starts: [60, 61],
      done: 62,
    });
  });
});
