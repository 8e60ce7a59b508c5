import { delayPlaces, nextSlot, type Place, takeFirstPlace, takePlace } from '../core/pacing.ts';
import type { EffectRow } from '../store/contract/effects.ts';
import type { Lease } from '../store/contract/lease.ts';
import type { Tx } from '../store/contract/store.ts';
import type { EffectsSettings } from './effects-settings.ts';

const HOUR = 3_600_000;
const PACED = "paced by GitHub's limits";

/**
 * In one transaction, before the request: the use of the budget and the mark `sent`. False when it is not its turn;
 * then the row is postponed to a place of its own, where nobody else can come before it. What was really sent is
 * looked at again when that time has come, so that being late never makes a window too full.
 * A closed budget holds back even what GitHub does not charge.
 */
export async function reserve(
  settings: EffectsSettings,
  tx: Tx,
  row: EffectRow & Lease,
  charge: boolean,
): Promise<boolean> {
  const now = settings.clock.now();
  const closedUntil = await tx.budget.closedUntil(row.installationId);
  const turn = charge ? await turnOf(settings, tx, row, closedUntil, now) : closedUntil;
  if (turn > now) {
    await tx.effects.postpone(row, PACED, turn);
    return false;
  }
  if (charge) await tx.budget.spend(row.installationId, row.id, now);
  await tx.effects.sent(row, now);
  return true;
}

/** When the effect may be sent, by the caller's `now`; when that is later, its place is kept. */
async function turnOf(
  { budget }: EffectsSettings,
  tx: Tx,
  row: EffectRow,
  closedUntil: number,
  now: number,
): Promise<number> {
  const pace = { ...budget, closedUntil, now };
  const sent = await tx.budget.sent(row.installationId, now - 2 * HOUR);
  const places = await tx.budget.places(row.installationId);
  const waiting = places.filter((place) => place.at > now);
  const own = places.find((place) => place.effectId === row.id);

  if (own !== undefined && own.at > now) return own.at;
  const others = own === undefined ? places.map((place) => place.at) : [];
  const slot = nextSlot({ ...pace, reservations: [...sent, ...others] });
  if (slot <= now) return now;
  if (slot === Number.POSITIVE_INFINITY) return now + HOUR;
  const moved =
    own === undefined
      ? takePlace(waiting, { effectId: row.id, ofTask: row.taskId !== null }, slot)
      : delayPlaces(waiting, own, slot, now);
  await tx.budget.place(row.installationId, moved);
  return timeOf(moved, row.id);
}

/** For a request that met a limit, after the closing: the first place when GitHub opens again. Returns when that is. */
export async function reserveAgain({ clock, budget }: EffectsSettings, tx: Tx, row: EffectRow): Promise<number> {
  const now = clock.now();
  const closedUntil = await tx.budget.closedUntil(row.installationId);
  const sent = await tx.budget.sent(row.installationId, now - 2 * HOUR);
  const places = await tx.budget.places(row.installationId);
  const reservations = [...sent, ...places.map((place) => place.at)];
  const slot = nextSlot({ ...budget, reservations, closedUntil, now });
  const waiting = places.filter((place) => place.at > now);
  const moved = takeFirstPlace(waiting, { effectId: row.id, ofTask: row.taskId !== null }, slot);
  await tx.budget.place(row.installationId, moved);
  return timeOf(moved, row.id);
}

function timeOf(places: readonly Place[], effectId: string): number {
  const place = places.find((one) => one.effectId === effectId);
  if (place === undefined) throw new Error(`effect ${effectId} was given no place`);
  return place.at;
}
