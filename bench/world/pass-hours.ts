import type { Lease } from '../../src/store/contract/lease.ts';
import type { TaskRow } from '../../src/store/contract/tasks.ts';
import { aNode, completed, failed } from '../../test/store/fixtures.ts';
import type { ReportingWorld } from './open-reporting.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Of a server with the default caps. */
const AT_ONCE = 8;
const FAILS_EVERY = 25;

/**
 * The fleet works: its tasks end in plan order and at one rate until `lastEndMs`, eight at work at each moment.
 * @returns when the work began, epoch milliseconds
 */
export async function passHours(world: ReportingWorld, tasks: number, lastEndMs: number): Promise<number> {
  const { clock, store, fleetId } = world;
  const began = clock.now();
  const atWork: (TaskRow & Lease)[] = [];
  let [started, ended] = [0, 0];

  async function work(): Promise<void> {
    const now = clock.now();
    const due = Math.min(tasks, Math.floor(((now - began) / lastEndMs) * tasks));
    await store.write(async (tx) => {
      while (ended < due || started < Math.min(tasks, ended + AT_ONCE)) {
        if (started < Math.min(tasks, ended + AT_ONCE)) {
          const task = await tx.tasks.start(`${fleetId}/${started}`, now, now + 24 * 60 * MINUTE);
          if (task === undefined) return;
          await tx.nodes.put(task, aNode(task, 'write'), now);
          atWork.push(task);
          started += 1;
          continue;
        }
        const task = atWork.shift();
        if (task === undefined) return;
        await tx.nodes.put(task, aNode(task, 'write', { status: 'completed', exitCode: 0, endedAt: now }), now);
        ended += 1;
        await tx.tasks.end(task, ended % FAILS_EVERY === 0 ? failed : changed(task), now);
      }
    });
  }

  while (clock.now() - began <= lastEndMs + 10 * MINUTE) {
    await work();
    await world.tick();
    clock.move(clock.now() - began < 11 * MINUTE ? SECOND : 5 * SECOND);
  }
  if (ended !== tasks) throw new Error(`${ended} of ${tasks} tasks ended.`);
  return began;
}

const changed = ({ repository }: TaskRow) => ({
  ...completed,
  pullRequest: { number: 12, url: `https://github.example/${repository}/pull/12` },
});
