import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { newFleetId, newTaskId } from '../src/core/ids.ts';
import type { NewFleet } from '../src/store/contract/fleets.ts';
import { openStore } from '../src/store/sqlite/open.ts';
import { openStoreLook } from '../test/github/store-look.ts';
import { silentLog } from '../test/store/fixtures.ts';
import type { Benchmark } from './benchmark.ts';
import { median, spread } from './measure.ts';
import { type BenchWorld, openWorld } from './world/open-world.ts';
import { organization, serviceName, settingsFor } from './world/organization.ts';

interface Size {
  tasks: number;
  /** Those that exist, more than are worked on while it is looked. */
  repositories: number;
  seconds: number;
}

const WHOLE: Size = { tasks: 10_000, repositories: 400, seconds: 20 };
const SMALL: Size = { tasks: 1_000, repositories: 40, seconds: 6 };
const SYSTEM_CAP = 8;
const IDLE_MS = 3_000;
const LOOK_MS = 100;
/** 250 MB. */
const TARGET_MIB = 238;
const FIRST_UNKNOWN_ID = 1_000_000_000;

/** What a large fleet holds of the app's memory from its first minute on. */
export const memory: Benchmark = {
  name: 'memory',
  about: ({ small }) =>
    `memory of the app with ${(small ? SMALL : WHOLE).tasks} queued tasks, while it writes their tracking issue and works on ${SYSTEM_CAP} of them`,
  async run({ small }) {
    const size = small ? SMALL : WHOLE;
    const resides = `with ${size.tasks} queued tasks`;
    const seed = organization({ repositories: size.repositories, files: 10 });
    const world = await openWorld({ seed, settings: settingsFor(SYSTEM_CAP) });
    try {
      await wait(IDLE_MS);
      const idle = world.appResidentMiB();
      await world.run('/fleet bench version=0 --plan');
      const fleetId = newFleetId(randomBytes);
      await world.restart(() => queueTasks(join(world.folder, 'data', 'flotilla.db'), fleetId, size));
      const resident = (await lookFor(world, size.seconds * 1000)).toSorted((a, b) => a - b);
      const peak = world.appPeakMiB();
      if (openStoreLook(world.folder).endedTasks(fleetId) === 0) throw new Error('The app has worked on nothing.');
      if (idle === undefined || peak === undefined || resident.length === 0) {
        return { measured: false, reason: 'Only Linux tells what memory another process holds.' };
      }
      return {
        measured: true,
        repetitions: 1,
        figures: [
          { name: 'idle, after its start', value: idle, unit: 'MiB' },
          { name: resides, value: median(resident), unit: 'MiB', spread: spread(resident) },
          { name: 'highest of each process, together', value: peak, unit: 'MiB' },
        ],
        targets: [{ figure: resides, atMost: TARGET_MIB }],
      };
    } finally {
      await world.close();
    }
  },
};

/** MiB that the app holds, at every look. */
async function lookFor(world: BenchWorld, ms: number): Promise<number[]> {
  const seen: number[] = [];
  for (const end = performance.now() + ms; performance.now() < end; await wait(LOOK_MS)) {
    const now = world.appResidentMiB();
    if (now !== undefined) seen.push(now);
  }
  return seen;
}

/** What the app planned over the repositories that exist, approved and over so many: to seed them all would take an hour. */
async function queueTasks(file: string, id: string, { tasks }: Size): Promise<void> {
  const store = await openStore({ file, log: silentLog });
  try {
    const [planned] = await store.read.fleets.unended();
    const example = planned?.plan.targets[0];
    if (planned === undefined || example === undefined) throw new Error('The app has made no plan.');
    const known = new Map(planned.plan.targets.map((target) => [target.repository, target]));
    const targets = Array.from({ length: tasks }, (_, at) => {
      const repository = `acme/${serviceName(at)}`;
      return known.get(repository) ?? { ...example, repositoryId: FIRST_UNKNOWN_ID + at, repository };
    });
    const flags = { ...planned.plan.flags, plan: false };
    const branch = 'fleet/bench-1';
    const fleet: NewFleet = {
      ...planned,
      id,
      fleetKey: 'of version=1',
      deliveryId: 'of version=1',
      branch,
      plan: { ...planned.plan, targets, flags, branch, inputs: { version: '1' } },
      createdAt: Date.now(),
      expiresAt: null,
    };
    const rows = targets.map((target) => ({ ...target, id: newTaskId(randomBytes) }));
    const by = planned.sender.login;
    await store.write(async (tx) => {
      const { inserted } = await tx.fleets.insert(fleet, rows, {
        type: 'fleet_planned',
        v: 1,
        by,
        targets: tasks,
        leftOut: 0,
      });
      if (!inserted) throw new Error('The store has such a fleet.');
    });
  } finally {
    await store.close();
  }
}
