import { renderTrackingIssue } from '../src/core/render/tracking-issue.ts';
import type { TrackingIssueFacts } from '../src/core/render/views.ts';
import { createEditLog } from '../src/report/edit-log.ts';
import { createGateLog } from '../src/report/gate-log.ts';
import { gatherFacts } from '../src/report/gather-facts.ts';
import type { Benchmark, Figure, Target } from './benchmark.ts';
import { inTurns, median, spread } from './measure.ts';
import { openReporting, type ReportingWorld } from './world/open-reporting.ts';
import { passHours } from './world/pass-hours.ts';
import type { WrittenText } from './world/written-texts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** As the product promises it: a report every 5 s in the first minute, 30 s up to 10 minutes, then 2 minutes. */
const cadence = (lastEndMs: number): Target[] => [
  { figure: 'edits in the first minute', atMost: 12, counted: true },
  { figure: 'edits up to 10 minutes', atMost: perMinute(2, 9), counted: true },
  { figure: 'edits afterwards', atMost: perMinute(0.5, lastEndMs / MINUTE - 10), counted: true },
  { figure: 'most edits in any 60 minutes', atMost: 60, counted: true },
  { figure: 'edits that change nothing', atMost: 0, counted: true },
];

/** One interval may have begun before, and two pages of one report are written together, before they wait for two. */
const perMinute = (rate: number, minutes: number): number => Math.ceil(((rate * minutes + 2) / minutes) * 100) / 100;

export const reporting: Benchmark = {
  name: 'reporting',
  about: () => 'what the tracking issue of a large fleet costs, with the local GitHub and a clock that is moved',
  async run({ small }) {
    const { repositories, lastEndMs, bytes } = small
      ? { repositories: 200, lastEndMs: 20 * MINUTE, bytes: 515_000 }
      : { repositories: 2000, lastEndMs: 1.5 * HOUR, bytes: 1_150_000 };
    const repetitions = small ? 5 : 50;
    const world = await openReporting(repositories);
    try {
      const began = await passHours(world, repositories, lastEndMs);
      const edits = world.written.filter(({ kind }) => kind === 'edit');
      if (edits.length !== world.arrived()) throw new Error(`${edits.length} edits, ${world.arrived()} arrived.`);
      return {
        measured: true,
        repetitions,
        figures: [...counted(world.written, began, lastEndMs), ...(await rendering(world, repetitions))],
        targets: [...cadence(lastEndMs), { figure: 'sent in the first hour', atMost: bytes, counted: true }],
      };
    } finally {
      await world.close();
    }
  },
};

function counted(written: readonly WrittenText[], began: number, lastEndMs: number): Figure[] {
  const edits = written.filter(({ kind }) => kind === 'edit');
  const between = (from: number, to: number) => edits.filter(({ at }) => at >= began + from && at < began + to);
  const hour = between(0, HOUR);
  return [
    { name: 'edits in the first minute', value: between(0, MINUTE).length, unit: 'edits' },
    { name: 'edits up to 10 minutes', value: between(MINUTE, 10 * MINUTE).length / 9, unit: 'per minute' },
    {
      name: 'edits afterwards',
      value: between(10 * MINUTE, lastEndMs).length / (lastEndMs / MINUTE - 10),
      unit: 'per minute',
    },
    { name: 'edits in the first hour', value: hour.length, unit: 'edits' },
    { name: '… of the issue', value: hour.filter(({ page }) => page === 'issue').length, unit: 'edits' },
    { name: '… of its comments', value: hour.filter(({ page }) => page === 'comment').length, unit: 'edits' },
    { name: 'most edits in any 60 minutes', value: mostInAnHour(edits), unit: 'edits' },
    { name: 'edits that change nothing', value: edits.filter(({ same }) => same).length, unit: 'edits' },
    {
      name: 'sent in the first hour',
      value: written.filter(({ at }) => at < began + HOUR).reduce((sum, { bytes }) => sum + bytes, 0),
      unit: 'bytes',
    },
  ];
}

function mostInAnHour(edits: readonly WrittenText[]): number {
  return Math.max(...edits.map(({ at }) => edits.filter((other) => other.at >= at && other.at < at + HOUR).length));
}

async function rendering(world: ReportingWorld, repetitions: number): Promise<Figure[]> {
  const facts = await factsNow(world);
  const { pages } = renderTrackingIssue(facts);
  const render = async () => void renderTrackingIssue(facts);
  const times = await inTurns({ render }, { warmUp: Math.ceil(repetitions / 10), repetitions });
  return [
    { name: 'pages', value: pages.length, unit: 'pages' },
    { name: 'largest page', value: Math.max(...pages.map((page) => Buffer.byteLength(page))), unit: 'bytes' },
    {
      name: `rendering ${facts.tasks.length} rows`,
      value: median(times.render),
      unit: 'ms',
      spread: spread(times.render),
    },
  ];
}

async function factsNow({ clock, store, fleetId, settings }: ReportingWorld): Promise<TrackingIssueFacts> {
  const fleet = await store.read.fleets.get(fleetId);
  if (fleet === undefined) throw new Error(`There is no fleet ${fleetId}.`);
  return gatherFacts({
    ...settings,
    fleet: { ...fleet, fence: 0 },
    startedAt: clock.now(),
    edits: createEditLog(),
    gates: createGateLog(store.read.events),
    lookedForExtras: new Set(),
  });
}
