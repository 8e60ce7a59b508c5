import type { Share } from '../types.ts';
import type { Finding, Rule } from './finding.ts';
import { checkEntry } from './services.ts';

export const rollout: Rule = function* ({ rollout: written }) {
  if (written === null) return;
  const { canary, waves, approve, after } = written;
  if (canary !== null && 'entry' in canary) yield* checkEntry(canary.entry, ['rollout', 'canary']).map(inCanary);
  for (const [index, entry] of after.entries()) yield* checkEntry(entry, ['rollout', 'after', index]);
  yield* checkWaves(waves);
  if (approve === 'canary' && canary === null) {
    const message = '`approve: canary` waits for a canary, and there is none.';
    const hint = 'Add `canary: 1`, or write `approve: each`.';
    yield { path: ['rollout', 'approve'], code: 'rollout', message, hint };
  }
};

/** A list of names stands in the place of the entry. */
const inCanary = (finding: Finding): Finding => ({ ...finding, path: finding.path.slice(0, 2) });

function* checkWaves(waves: readonly Share[]): Generator<Finding> {
  for (const [index, wave] of waves.entries()) {
    const before = waves[index - 1];
    if (before === undefined || isMore(wave, before)) continue;
    const message = 'A wave counts from the first repository on, so it must be more than the one before.';
    const hint = 'Write ascending numbers or percentages: [25%, 50%, 100%].';
    yield { path: ['rollout', 'waves', index], code: 'rollout', message, hint };
  }
}

/** A number and a percentage are compared when the repositories are known. */
function isMore(one: Share, other: Share): boolean {
  if ('count' in one) return !('count' in other) || one.count > other.count;
  return !('percent' in other) || one.percent > other.percent;
}
