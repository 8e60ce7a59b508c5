import { describe, expect, it } from 'vitest';
import type { FleetEvent } from '../../../src/core/events.ts';
import { type MomentFacts, momentsSince } from '../../../src/core/notifications/moments.ts';

const running: MomentFacts['fleet'] = { approvedAt: 1, cancelRequestedAt: null, endedAt: null, gate: null };
const planned: FleetEvent = { type: 'fleet_planned', v: 1, by: 'mona', targets: 2, leftOut: 0 };
const closed: FleetEvent = { type: 'gate_closed', v: 1, gate: 'wave' };
const opened: FleetEvent = { type: 'gate_opened', v: 1, gate: 'wave', by: 'mona' };
const ended: FleetEvent = { type: 'fleet_ended', v: 1, status: 'partial' };
const asked = (taskId: string): FleetEvent => ({ type: 'approval_asked', v: 1, taskId, node: 'gate' });
const open = (...taskIds: string[]) => taskIds.map((taskId) => ({ taskId, nodeId: 'gate' }));

const moments = (
  events: readonly FleetEvent[],
  fleet: Partial<MomentFacts['fleet']> = {},
  asks: MomentFacts['open'] = [],
) =>
  momentsSince(
    { fleet: { ...running, ...fleet }, open: asks },
    events.map((event, index) => ({ seq: 10 + index, event })),
  );

describe('the moments of a fleet', () => {
  it('are none while it runs, and none of a plan that needs no approval', () => {
    expect(moments([planned, { type: 'wave_released', v: 1, wave: 1 }])).toEqual([]);
  });

  it('are a plan that waits, unless it was cancelled', () => {
    expect(moments([planned], { approvedAt: null })).toEqual([{ kind: 'waiting', seq: 10, why: 'plan' }]);
    expect(moments([planned], { approvedAt: null, cancelRequestedAt: 5 })).toEqual([]);
  });

  it('are a gate that is closed now, by the event that closed it last', () => {
    expect(moments([closed, opened, closed], { gate: 'wave' })).toEqual([{ kind: 'waiting', seq: 12, why: 'wave' }]);
    expect(moments([closed, opened])).toEqual([]);
    expect(moments([opened], { gate: 'halted' })).toEqual([]);
  });

  it('are the first question of several, once', () => {
    expect(moments([asked('a'), asked('b')], {}, open('b', 'a'))).toEqual([
      { kind: 'waiting', seq: 10, why: 'approvals' },
    ]);
    // a was told before.
    expect(moments([asked('b')], {}, open('a', 'b'))).toEqual([]);
    // a was answered before b asked, or while it did.
    expect(moments([asked('b')], {}, open('b'))).toEqual([{ kind: 'waiting', seq: 10, why: 'approvals' }]);
    expect(moments([asked('a')], {}, [])).toEqual([]);
  });

  it('are an end and nothing before it, and none of an end that a retry took back', () => {
    expect(moments([closed, ended], { endedAt: 5, gate: 'wave' })).toEqual([
      { kind: 'ended', seq: 11, status: 'partial' },
    ]);
    expect(moments([ended])).toEqual([]);
    expect(moments([planned], { endedAt: 5 })).toEqual([]);
  });
});
