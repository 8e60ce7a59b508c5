import type { Plan, Target } from '../plan.ts';

type Waves = Pick<Plan, 'targets'> & { workflow: Pick<Plan['workflow'], 'rollout'> };

export interface NamedWave {
  /** `canary`, `wave 1`, …; the first one is `wave 1` where there is no canary. */
  name: string;
  /** In running order. */
  targets: readonly Target[];
}

/** In the order in which they are released; empty without a rollout. */
export function namedWaves(plan: Waves): NamedWave[] {
  if (plan.workflow.rollout === null) return [];
  const waves: Target[][] = [];
  for (const target of plan.targets) {
    waves[target.wave] ??= [];
    waves[target.wave]?.push(target);
  }
  return waves.map((targets, wave) => ({ name: waveName(plan, wave), targets }));
}

/** @param wave from 0. */
export function waveName({ workflow: { rollout } }: Waves, wave: number): string {
  const canary = rollout !== null && rollout.canary !== null;
  if (canary && wave === 0) return 'canary';
  return `wave ${canary ? wave : wave + 1}`;
}
