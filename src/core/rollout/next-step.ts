import { isTerminal, type TaskStatus } from '../status.ts';
import type { Rollout, Share } from '../workflow/types.ts';

/** Why no task of the fleet starts: a wave waits for approval, or too many have failed. */
export type Gate = 'wave' | 'halted';

export interface RolloutState {
  /** The last wave that was released, from 0. */
  wave: number;
  /** Failures before are forgiven: somebody has looked at them and went on. Epoch milliseconds. */
  haltsSince: number;
}

export interface RolloutTask {
  wave: number;
  status: TaskStatus;
  /** Epoch milliseconds. */
  endedAt: number | null;
  /** It has work to go on from, or to finish on GitHub; no gate holds it. */
  begun: boolean;
}

export type RolloutStep =
  | { step: 'none' }
  | { step: 'release'; wave: number }
  | { step: 'close'; gate: 'wave' }
  | { step: 'close'; gate: 'halted'; failed: number; of: number };

/** What follows for the fleet when one of its tasks has ended and its gate is open. */
export function nextStep(
  rollout: Pick<Rollout, 'canary' | 'haltOnFailure' | 'approve'>,
  state: RolloutState,
  tasks: readonly RolloutTask[],
): RolloutStep {
  const halt = haltOf(rollout.haltOnFailure, state, tasks);
  const next = nextWave(state, tasks);
  const released = tasks.filter(({ wave }) => wave <= state.wave);
  const startable = released.some(({ status, begun }) => status === 'queued' && !begun);
  // A fleet of which nothing is left to start cannot be held back any more.
  if (halt !== null && (next !== null || startable)) return halt;
  if (next === null || released.some(({ status }) => !isTerminal(status))) return { step: 'none' };
  const asks = rollout.approve === 'each' || (rollout.approve === 'canary' && state.wave === 0);
  return asks ? { step: 'close', gate: 'wave' } : { step: 'release', wave: next };
}

/** What follows when somebody opens the gate: they have seen how the wave ended. */
export function afterOpening(
  state: Pick<RolloutState, 'wave'>,
  tasks: readonly Pick<RolloutTask, 'wave' | 'status'>[],
): RolloutStep {
  const next = nextWave(state, tasks);
  const done = tasks.every(({ wave, status }) => wave > state.wave || isTerminal(status));
  return done && next !== null ? { step: 'release', wave: next } : { step: 'none' };
}

/** The first one after the released ones with something to do: all of a wave can have been refused. null: none is left. */
function nextWave(
  state: Pick<RolloutState, 'wave'>,
  tasks: readonly Pick<RolloutTask, 'wave' | 'status'>[],
): number | null {
  const left = tasks.flatMap(({ wave, status }) => (wave > state.wave && !isTerminal(status) ? [wave] : []));
  return left.length === 0 ? null : left.reduce((first, wave) => Math.min(first, wave));
}

function haltOf(
  limit: Share | null,
  { wave, haltsSince }: RolloutState,
  tasks: readonly RolloutTask[],
): (RolloutStep & { step: 'close'; gate: 'halted' }) | null {
  if (limit === null) return null;
  const failed = tasks.filter(
    ({ status, endedAt }) => (status === 'failed' || status === 'timed_out') && (endedAt ?? 0) > haltsSince,
  );
  const ofWave = failed.filter((task) => task.wave === wave);
  const size = tasks.filter((task) => task.wave === wave).length;
  const halt = (failures: number, of: number) => ({ step: 'close', gate: 'halted', failed: failures, of }) as const;
  if ('count' in limit) return failed.length >= limit.count ? halt(failed.length, tasks.length) : null;
  if (reaches(ofWave.length, size, limit.percent)) return halt(ofWave.length, size);
  return reaches(failed.length, tasks.length, limit.percent) ? halt(failed.length, tasks.length) : null;
}

const reaches = (failed: number, of: number, percent: number): boolean => failed > 0 && failed * 100 >= of * percent;
