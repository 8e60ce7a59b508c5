import { list } from './normalize-node.ts';
import { percentOf } from './percent.ts';
import type { Rollout, ServiceEntry, Share } from './types.ts';
import type { WrittenRollout } from './written/written-rollout.ts';
import type { WrittenService } from './written/written-service.ts';

export function normalizeRollout(written: WrittenRollout): Rollout {
  const { canary, waves, halt_on_failure, approve, after } = written;
  return {
    canary: canary === undefined ? null : normalizeCanary(canary),
    waves: (waves ?? []).map(normalizeShare),
    haltOnFailure: halt_on_failure === undefined ? null : normalizeShare(halt_on_failure),
    approve: approve ?? 'none',
    after: (after === undefined ? [] : Array.isArray(after) ? after : [after]).map(normalizeEntry),
  };
}

export function normalizeEntry({ tag, names, match, not }: WrittenService): ServiceEntry {
  return {
    tag: list(tag),
    names: list(names),
    match: list(match),
    not: { tag: list(not?.tag), names: list(not?.names), match: list(not?.match) },
  };
}

function normalizeCanary(written: NonNullable<WrittenRollout['canary']>): NonNullable<Rollout['canary']> {
  if (typeof written === 'number') return { count: written };
  return { entry: normalizeEntry(Array.isArray(written) ? { names: written } : written) };
}

function normalizeShare(written: number | string): Share {
  if (typeof written === 'number') return { count: written };
  const percent = percentOf(written);
  if (percent === null) throw new TypeError(`${written} is no percentage, which its shape was checked for.`);
  return { percent };
}
