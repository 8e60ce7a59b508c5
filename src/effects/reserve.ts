import { nextSlot } from '../core/pacing.ts';
import type { EffectRow } from '../store/contract/effects.ts';
import type { Lease } from '../store/contract/lease.ts';
import type { Tx } from '../store/contract/store.ts';
import type { EffectsSettings } from './effects-settings.ts';

const HOUR = 3_600_000;

/**
 * In one transaction, before the request: the place in the budget and the mark `sent`. False when there is no place
 * now; then the row is postponed to the next one. A closed budget holds back even what GitHub does not charge.
 */
export async function reserve(
  { clock, budget }: EffectsSettings,
  tx: Tx,
  row: EffectRow & Lease,
  charge: boolean,
): Promise<boolean> {
  const now = clock.now();
  const closedUntil = await tx.budget.closedUntil(row.installationId);
  const reservations = charge ? await tx.budget.since(row.installationId, now - 2 * HOUR) : [];
  const slot = nextSlot({ ...budget, reservations, closedUntil, now });
  if (slot > now) {
    await tx.effects.postpone(row, "paced by GitHub's limits", Math.min(slot, now + HOUR));
    return false;
  }
  if (charge) await tx.budget.reserve(row.installationId, row.id, now);
  await tx.effects.sent(row, now);
  return true;
}
