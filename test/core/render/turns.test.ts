import { describe, expect, test } from 'vitest';
import { renderTrackingIssue } from '../../../src/core/render/tracking-issue.ts';
import type { FleetView, TrackingIssueFacts } from '../../../src/core/render/views.ts';
import type { TurnEstimate } from '../../../src/core/turn-estimate.ts';
import { facts, fleet, NOON, plan, task } from './sample-fleet.ts';

const view = (given: Partial<FleetView>, all: Partial<TrackingIssueFacts>): TrackingIssueFacts =>
  facts({ fleet: fleet({ plan: plan(['a', 'b']), ...given }), ...all });
const bodyOf = (given: Partial<FleetView>, all: Partial<TrackingIssueFacts>): string =>
  renderTrackingIssue(view(given, all)).pages[0] ?? '';

const queued = task('b');
const completed = task('a', { status: 'completed', outcome: 'changed', endedAt: NOON });
const failed = task('b', { status: 'failed', category: 'command', endedAt: NOON });
const paused = { pausedAt: NOON, pausedBy: 'mona' };
const RETRY = '`/fleet retry` runs the workflow again where it failed or was cancelled (1 repository)';

describe('a paused fleet', () => {
  test('says who paused it, how it goes on and until when', () => {
    const body = bodyOf(paused, { status: 'waiting', tasks: [completed, queued] });
    expect(body).toContain('**Paused** by [mona](https://github.com/mona) on 2026-03-04 12:00 UTC');
    expect(body).toContain('without it the rest is cancelled on 2026-03-11 12:00 UTC.');
    expect(body).toContain('| 🕓 paused |');
    expect(body).toContain('- `/fleet resume` goes on where it was paused.');
    expect(body).not.toContain('`/fleet pause`');
  });

  test('says nothing of it once it is cancelled', () => {
    const body = bodyOf({ ...paused, cancelRequestedAt: NOON }, { status: 'running', tasks: [completed, queued] });
    expect(body).not.toMatch(/Paused|paused|\/fleet (pause|resume)/);
  });
});

describe('a queue', () => {
  const waiting = ['e', 'f', 'g'].map((name) => task(name));
  const MINUTE = 60_000;
  const at = (minutes: number | null, behind = 0) => ({
    startsAt: minutes === null ? null : NOON + minutes * MINUTE,
    behind,
  });
  const queue = (turns: TurnEstimate['turns'], doneAt: number | null, given: Partial<FleetView> = {}) =>
    bodyOf(given, { status: 'running', tasks: [completed, ...waiting], turns: { turns, doneAt } });

  test('says when each is likely to start and when it is done', () => {
    const body = queue([at(10), at(19.5), at(30)], NOON + 40 * MINUTE);
    expect(body).toContain('| 🕓 queued, 1st of 3, at about 12:10 UTC |');
    expect(body).toContain('| 🕓 queued, 2nd of 3, at about 12:20 UTC |');
    expect(body).toContain('· the queue is done at about 12:40 UTC');
  });

  test('says how many of other fleets go first, and where nobody can tell a time that there is none', () => {
    const body = queue([at(0), at(10, 1), at(null, 1_200)], null);
    expect(body).toContain('| 🕓 queued, 1st of 3, starts next |');
    expect(body).toContain('| 🕓 queued, 2nd of 3, behind 1 of other fleets, at about 12:10 UTC |');
    expect(body).toContain('| 🕓 queued, 3rd of 3, behind 1,200 of other fleets, no estimate yet |');
    expect(body).not.toContain('is done at');
    expect(queue([], null)).toContain('| 🕓 queued, 1st of 3, no estimate yet |');
  });

  test('is told without times while a person has to let it go on', () => {
    const body = bodyOf({ gate: 'wave', gateSince: NOON }, { status: 'waiting', tasks: [completed, ...waiting] });
    expect(body).toContain('| 🕓 queued, 1st of 3 |');
  });
});

describe('what can be tried again is told', () => {
  test.each<[string, Partial<FleetView>, Partial<TrackingIssueFacts>]>([
    ['of a fleet that ended', { endedAt: NOON }, { status: 'partial', tasks: [completed, failed] }],
    ['while nothing runs', { gate: 'halted', gateSince: NOON }, { status: 'waiting', tasks: [queued, failed] }],
  ])('%s', (_, given, all) => {
    expect(bodyOf(given, all)).toContain(RETRY);
  });

  test.each<[string, Partial<FleetView>, Partial<TrackingIssueFacts>]>([
    ['while it runs', {}, { status: 'running', tasks: [queued, failed] }],
    ['where all completed', { endedAt: NOON }, { status: 'completed', tasks: [completed] }],
    [
      'of a fleet that was superseded',
      { endedAt: NOON },
      { status: 'failed', tasks: [failed], supersededBy: { fleet: 'f-abcd2345', url: null } },
    ],
    [
      'of a plan that was never approved',
      { endedAt: NOON, approvedAt: null, cancelRequestedAt: NOON },
      { status: 'cancelled', tasks: [task('b', { status: 'cancelled', endedAt: NOON })] },
    ],
  ])('but not %s', (_, given, all) => {
    expect(bodyOf(given, all)).not.toContain('/fleet retry` runs');
  });
});

test('the issue of a fleet that goes on is opened again, and one that ends closed', () => {
  expect(renderTrackingIssue(view({}, { tasks: [queued], reopened: true }))).toMatchObject({
    reopen: true,
    close: null,
  });
  const ended = view({ endedAt: NOON }, { status: 'completed', tasks: [completed] });
  expect(renderTrackingIssue(ended)).toMatchObject({ reopen: false, close: 'completed' });
});

describe('a fleet whose tasks do not begin because the disk is full', () => {
  const all = { status: 'running' as const, tasks: [completed, queued], diskFullSince: NOON };

  test('says since when, and no time at which they would begin', () => {
    const body = bodyOf({}, all);
    expect(body).toContain('**Waits for disk space** since 2026-03-04 12:00 UTC');
    expect(body).toContain('| 🕓 waits for disk space |');
    expect(body).not.toMatch(/at about|the queue is done/);
  });

  test('says so only where tasks are to begin that nothing else holds', () => {
    expect(bodyOf({}, { ...all, tasks: [completed] })).not.toContain('disk space');
    expect(bodyOf({ approvedAt: null }, { ...all, status: 'planned' })).not.toContain('**Waits for disk space**');
    expect(bodyOf(paused, { ...all, status: 'waiting' })).toContain('| 🕓 paused |');
  });
});
