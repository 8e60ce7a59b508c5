import type { Plan } from '../plan.ts';
import { repositories } from '../render/amounts.ts';
import { isTerminal } from '../status.ts';
import { afterOpening, type Gate, type RolloutTask } from './next-step.ts';
import { waveName } from './wave-names.ts';

interface Gated extends Pausable {
  gate: Gate | null;
}

interface Pausable {
  endedAt: number | null;
  cancelRequestedAt: number | null;
}

/** It waits as a whole for a person, and nobody has cancelled it meanwhile. */
export function isHeld<Fleet extends Gated>(fleet: Fleet): fleet is Fleet & { gate: Gate } {
  return fleet.gate !== null && fleet.endedAt === null && fleet.cancelRequestedAt === null;
}

/** Somebody paused it, and it has neither ended nor been cancelled since. */
export function isPaused<Fleet extends Pausable & { pausedAt: number | null }>(
  fleet: Fleet,
): fleet is Fleet & { pausedAt: number } {
  return fleet.pausedAt !== null && fleet.endedAt === null && fleet.cancelRequestedAt === null;
}

/** What an approval of a held fleet does: `releases wave 2 (6 repositories)`. */
export function openingText(
  fleet: { plan: Plan; wave: number; gate: Gate | null },
  tasks: readonly Pick<RolloutTask, 'wave' | 'status'>[],
): string {
  const step = afterOpening({ wave: fleet.wave }, tasks);
  if (step.step !== 'release')
    return fleet.gate === 'wave' ? 'runs what is tried again' : 'goes on where it was halted';
  const left = tasks.filter(({ wave, status }) => wave === step.wave && !isTerminal(status)).length;
  return `releases ${waveName(fleet.plan, step.wave)} (${repositories(left)})`;
}
