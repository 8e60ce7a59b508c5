import type { Place, Repository } from '../plan.ts';
import { compileEntry, fullNameOf } from '../selection/match-entry.ts';
import type { Rollout, ServiceEntry, Share } from '../workflow/types.ts';

export interface Arranged<Target> {
  /** In running order. */
  targets: readonly (Target & Place)[];
  /** Entries of the rollout that select none of the targets; in place of such a canary the first target is it. */
  unmatched: readonly Unmatched[];
}

interface Unmatched {
  key: 'canary' | 'after';
  entry: ServiceEntry;
}

/**
 * The targets in running order: the canary, then by `after`, then as they came. Percentages are of all targets, rounded up,
 * the canary and earlier waves included; a wave that would hold nothing is left out.
 */
export function arrangeTargets<Target extends Repository>(
  rollout: Rollout | null,
  targets: readonly Target[],
  ownerLogin: string,
): Arranged<Target> {
  if (rollout === null) return { targets: targets.map((target) => ({ ...target, wave: 0, stage: 0 })), unmatched: [] };
  const stages = rollout.after.map((entry) => compileEntry(entry, ownerLogin));
  const staged = targets.map((target) => {
    const first = stages.findIndex((matches) => matches(target));
    return { ...target, stage: first === -1 ? stages.length : first };
  });
  const inOrder = staged.toSorted((a, b) => a.stage - b.stage);
  const chosen = canaryOf(rollout, inOrder, ownerLogin);
  const canary = chosen ?? new Set(inOrder.slice(0, 1));
  const sorted = [
    ...inOrder.filter((target) => canary.has(target)),
    ...inOrder.filter((target) => !canary.has(target)),
  ];
  const ends = waveEnds(rollout.waves, canary.size, targets.length);
  const unmatched = entriesOf(rollout).flatMap(({ key, entry }): Unmatched[] => {
    const missing = missingOf(entry, targets, ownerLogin);
    return missing === null ? [] : [{ key, entry: missing }];
  });
  return {
    targets: sorted.map((target, index) => ({ ...target, wave: ends.findIndex((end) => index < end) })),
    unmatched,
  };
}

function entriesOf({ canary, after }: Rollout): Unmatched[] {
  const first: Unmatched[] = canary !== null && 'entry' in canary ? [{ key: 'canary', entry: canary.entry }] : [];
  return [...first, ...after.map((entry): Unmatched => ({ key: 'after', entry }))];
}

/** The entry where it selects nothing, or with the names alone that are no target's; null: nothing is missing. */
function missingOf(entry: ServiceEntry, targets: readonly Repository[], ownerLogin: string): ServiceEntry | null {
  if (!targets.some(compileEntry(entry, ownerLogin))) return entry;
  const known = new Set(targets.map(({ fullName }) => fullName.toLowerCase()));
  const names = entry.names.filter((name) => !known.has(fullNameOf(name, ownerLogin).toLowerCase()));
  return names.length === 0 ? null : { ...entry, names };
}

/** null: the entry selects nothing. */
function canaryOf<Target extends Repository>(
  { canary }: Rollout,
  inOrder: readonly Target[],
  ownerLogin: string,
): ReadonlySet<Target> | null {
  if (canary === null) return new Set();
  if ('count' in canary) return new Set(inOrder.slice(0, canary.count));
  const selected = inOrder.filter(compileEntry(canary.entry, ownerLogin));
  return selected.length === 0 ? null : new Set(selected);
}

/** How many targets are released with each wave, ascending, the last one all. */
function waveEnds(waves: readonly Share[], canary: number, all: number): number[] {
  const wanted = [canary, ...waves.map((share) => Math.min(all, amountOf(share, all))), all];
  const ends: number[] = [];
  for (const end of wanted) if (end > (ends.at(-1) ?? 0)) ends.push(end);
  return ends;
}

const amountOf = (share: Share, all: number): number =>
  'count' in share ? share.count : Math.ceil((all * share.percent) / 100);
