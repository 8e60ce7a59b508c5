/** What a rollout says before it runs. */
import type { Plan } from '../plan.ts';
import { namedWaves } from '../rollout/wave-names.ts';
import { thousands } from './amounts.ts';
import { shareText } from './share-text.ts';

/** Waves named one by one; of a longer list the last is told too. */
const WAVES_NAMED = 12;

type Rolled = Pick<Plan, 'workflow' | 'targets'>;

/** `3 waves: canary 1, then 1, then 6`; null: all are released at once. */
export function wavesText(plan: Rolled): string | null {
  const waves = namedWaves(plan);
  if (waves.length < 2) return null;
  const sizes = waves.map(({ name, targets }) => `${name === 'canary' ? 'canary ' : ''}${thousands(targets.length)}`);
  const named = waves.length > WAVES_NAMED ? [...sizes.slice(0, WAVES_NAMED - 1), '…', sizes.at(-1)] : sizes;
  return `${waves.length} waves: ${named.join(', then ')}`;
}

/** What a reader of the workflow would not expect: the gate behind it never closes. */
export function canaryOfAll({ workflow: { rollout }, targets }: Rolled): boolean {
  return rollout !== null && rollout.canary !== null && targets.every(({ wave }) => wave === 0);
}

/** `after the canary`; null: each wave follows by itself. */
export function approvalText({ workflow: { rollout }, ...plan }: Rolled): string | null {
  const more = plan.targets.some(({ wave }) => wave > 0);
  if (rollout === null || !more) return null;
  switch (rollout.approve) {
    case 'canary':
      return 'after the canary';
    case 'each':
      return 'after each wave';
    case 'none':
      return null;
  }
}

/** `20% of a wave or of all`; null: no failure halts it. */
export function haltText({ workflow: { rollout }, ...plan }: Rolled): string | null {
  if (rollout === null || rollout.haltOnFailure === null) return null;
  const limit = shareText(rollout.haltOnFailure);
  if ('count' in rollout.haltOnFailure) return limit;
  return plan.targets.some(({ wave }) => wave > 0) ? `${limit} of a wave or of all` : limit;
}
