import { expect, it } from 'vitest';
import type { FleetEvent } from '../../../src/core/events.ts';
import { historySection } from '../../../src/core/render/history-section.ts';
import { facts, fleet, NOON } from './sample-fleet.ts';

const MINUTE = 60_000;
const happened = (...events: FleetEvent[]) =>
  facts({
    fleet: fleet({ endedAt: null }),
    history: events.map((event, index) => ({ at: NOON + index * MINUTE, event })),
  });

it('says who did what with the fleet, and when', () => {
  const told = historySection(
    happened(
      { type: 'fleet_planned', v: 1, by: 'octocat', targets: 1_500, leftOut: 2 },
      { type: 'fleet_approved', v: 1, by: 'mona' },
      { type: 'fleet_retried', v: 1, by: 'mona', tasks: 1 },
      { type: 'fleet_ended', v: 1, status: 'completed' },
    ),
    4_000,
  );
  expect(told.split('\n').filter((line) => line.startsWith('- '))).toEqual([
    '- 2026-03-04 12:00 UTC: [octocat](https://github.com/octocat) asked for it in 1,500 repositories, 2 left out',
    '- 2026-03-04 12:01 UTC: [mona](https://github.com/mona) approved the plan',
    '- 2026-03-04 12:02 UTC: [mona](https://github.com/mona) had 1 repository tried again',
    '- 2026-03-04 12:03 UTC: it ended: completed',
  ]);
});

it('tells nothing of single tasks, and is no section without an event', () => {
  expect(historySection(happened({ type: 'task_cancelled', v: 1, taskId: 't' }), 4_000)).not.toContain('- ');
  expect(historySection(facts(), 4_000)).toBe('');
});

it('tells a cancel from what was rejected', () => {
  const told = historySection(
    happened(
      { type: 'fleet_cancel_requested', v: 1, by: 'mona' },
      { type: 'fleet_rejected', v: 1, by: 'mona', on: 'plan' },
      { type: 'fleet_rejected', v: 1, by: 'mona', on: 'gate' },
    ),
    4_000,
  );
  const mona = '[mona](https://github.com/mona)';
  expect([...told.matchAll(/UTC: (.*)/g)].map(([, text]) => text)).toEqual([
    `${mona} cancelled it`,
    `${mona} rejected the plan`,
    `${mona} did not let it go on`,
  ]);
});

it('keeps the latest where the room is small', () => {
  const many = Array.from({ length: 50 }, (): FleetEvent => ({ type: 'fleet_paused', v: 1, by: 'octocat' }));
  const told = historySection(happened(...many, { type: 'fleet_resumed', v: 1, by: 'mona' }), 500);
  expect(told.length).toBeLessThanOrEqual(500);
  expect(told).toContain('resumed it');
});
