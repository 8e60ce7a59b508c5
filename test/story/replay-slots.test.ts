import { describe, expect, it } from 'vitest';
import type { FleetEvent, RecordedEvent } from '../../src/core/events.ts';
import { replaySlots } from './replay-slots.ts';

const EVENTS = {
  '+': (taskId: string): FleetEvent => ({ type: 'task_started', v: 1, taskId, attempt: 1 }),
  '-': (taskId: string): FleetEvent => ({ type: 'task_timed_out', v: 1, taskId }),
  r: (taskId: string): FleetEvent => ({ type: 'task_requeued', v: 1, taskId, reason: 'paced' }),
  w: (taskId: string): FleetEvent => ({ type: 'task_waiting', v: 1, taskId }),
};

/** `1+a1 2-a1`: at 1, task a1 of fleet a starts; at 2 it ends. */
function log(words: string): RecordedEvent[] {
  return words.split(' ').map((word, seq) => {
    const [, at = '', sign = '', taskId = ''] = /^(\d+)([-+rw])(.*)$/.exec(word) ?? [];
    if (sign !== '+' && sign !== '-' && sign !== 'r' && sign !== 'w') throw new Error(`no event: ${word}`);
    return { fleetId: taskId.slice(0, 1), seq, at: Number(at), event: EVENTS[sign](taskId) };
  });
}

const replay = (words: string) =>
  replaySlots(
    log(words),
    new Map([
      ['a', 1],
      ['b', 2],
      ['c', 1],
    ]),
  );

describe('replaySlots', () => {
  it('counts what runs at once, of all and of each user over all fleets', () => {
    const slots = replay('1+a1 2+c1 3+b1 4-a1 5+c2 6-b1 7-c1 8-c2');
    expect(slots).toMatchObject({ most: 3, faults: [] });
    expect([...slots.mostOfUser]).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });

  it('knows that one that waits is queued again before it starts', () => {
    expect(replay('1+a1 2wa1 3+a2 4ra1 5-a2 6+a1 7-a1')).toMatchObject({ most: 1, faults: [] });
  });

  it.each(['-', 'r', 'w'])('has a free slot after %s, and takes one again for the same task', (sign) => {
    expect(replay(`1+a1 2${sign}a1 3+a2 4-a2 5+a1 6-a1`)).toMatchObject({ most: 1, faults: [] });
  });

  it('knows no order of two fleets at one moment, so an end comes before a start', () => {
    expect(replay('1+a1 2+b1 2-a1 3-b1').most).toBe(1);
    expect(replay('1+a1 2+a2 2-a1 3-a2').most).toBe(2);
  });

  it('names first starts in order', () => {
    const { firstStarts } = replay('1+a1 2ra1 3+b1 4+a1 5-a1 6-b1');
    expect(firstStarts.map(({ taskId }) => taskId)).toEqual(['a1', 'b1']);
  });

  it('finds what no log may say', () => {
    expect(replay('1+a1 2+a1 3-a1 4-a2 5+b1').faults).toEqual([
      'started while it runs: a1 of a at 2',
      'task_timed_out, not running: a2 of a at 4',
      'never ended: b1',
    ]);
  });
});
