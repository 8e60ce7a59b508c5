import { delayPlaces, nextSlot, type Place, takeFirstPlace, takePlace, tasksPerHour } from '../core/pacing.ts';
import type { EffectRow } from '../store/contract/effects.ts';
import type { Lease } from '../store/contract/lease.ts';
import type { Tx } from '../store/contract/store.ts';
import type { EffectsSettings } from './effects-settings.ts';

const HOUR = 3_600_000;
const PACED = "paced by GitHub's limits";

/**
 * In one transaction, before the request: the use of the budget and the mark `sent`; when that was. Null when it is not
 * its turn; then the row is postponed to a place of its own, where nobody else can come before it. What was really sent
 * is looked at again when that time has come, so that being late never makes a window too full.
 * A closed budget holds back even what GitHub does not charge.
 */
export async function reserve(
  settings: EffectsSettings,
  tx: Tx,
  row: EffectRow & Lease,
  charge: boolean,
): Promise<number | null> {
  const now = settings.clock.now();
  if (await mustWait(settings, tx, row, charge, now)) return null;
  if (charge) await tx.budget.spend(row.installationId, row.id, now);
  await tx.effects.sent(row, now);
  return now;
}

/** The same without the mark: what is looked at before it is sent is not looked at before its turn. */
export async function awaitTurn(
  settings: EffectsSettings,
  tx: Tx,
  row: EffectRow & Lease,
  charge: boolean,
): Promise<void> {
  const now = settings.clock.now();
  if (await mustWait(settings, tx, row, charge, now)) return;
  await tx.effects.postpone(row, row.error ?? 'to be looked at before it is sent', now);
}

/** Not its turn: postponed. */
async function mustWait(
  settings: EffectsSettings,
  tx: Tx,
  row: EffectRow & Lease,
  charge: boolean,
  now: number,
): Promise<boolean> {
  const closedUntil = await tx.budget.closedUntil(row.installationId);
  const turn = charge ? await turnOf(settings, tx, row, closedUntil, now) : closedUntil;
  if (turn <= now) return false;
  await tx.effects.postpone(row, PACED, turn);
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
  const sent = await tx.budget.sent(row.installationId, now - 2 * HOUR);
  const places = await tx.budget.places(row.installationId);
  const waiting = places.filter((place) => place.at > now);
  const own = places.find((place) => place.effectId === row.id);

  if (own !== undefined && own.at > now) return own.at;
  const ahead = own === undefined && (await mayOvertake(tx, row, sent, waiting, now));
  const inLine = row.taskId !== null || (own === undefined && !ahead && waiting.length > 0);
  const pace = { ...limitsOf(budget, inLine), closedUntil, now };
  const others = own === undefined ? (ahead ? places.filter((place) => place.at <= now) : places) : [];
  const slot = nextSlot({ ...pace, reservations: [...sent, ...others.map((place) => place.at)] });
  if (slot <= now) return now;
  if (slot === Number.POSITIVE_INFINITY) return now + HOUR;
  const moved = newPlaces(waiting, own, { effectId: row.id, ofTask: row.taskId !== null }, slot, now);
  await tx.budget.place(row.installationId, moved);
  return timeOf(moved, row.id);
}

/**
 * People wait for a tracking issue and a reply, and pull requests leave room for them: they need not queue behind those,
 * as long as pull requests have had at least half of the hour.
 */
async function mayOvertake(
  tx: Tx,
  row: EffectRow,
  sent: readonly number[],
  waiting: readonly Place[],
  now: number,
): Promise<boolean> {
  if (row.taskId !== null || waiting.length === 0) return false;
  const ofTasks = await tx.budget.sentOfTasks(row.installationId, now - HOUR);
  const others = sent.filter((at) => at >= now - HOUR).length - ofTasks;
  return others + waiting.filter(({ ofTask }) => !ofTask).length < ofTasks;
}

function newPlaces(
  waiting: readonly Place[],
  own: Place | undefined,
  newcomer: Omit<Place, 'at'>,
  slot: number,
  now: number,
): Place[] {
  if (own !== undefined) return delayPlaces(waiting, own, slot, now);
  const first = waiting[0];
  return first !== undefined && slot < first.at ? [{ ...newcomer, at: slot }] : takePlace(waiting, newcomer, slot);
}

/** `inLine`: of a pull request, and of what has to queue with them. */
function limitsOf({ perMinute, perHour }: EffectsSettings['budget'], inLine: boolean) {
  return { perMinute, perHour: inLine ? tasksPerHour(perHour) : perHour };
}

/** For a request that met a limit, after the closing: the first place when GitHub opens again. Returns when that is. */
export async function reserveAgain({ clock, budget }: EffectsSettings, tx: Tx, row: EffectRow): Promise<number> {
  const now = clock.now();
  const closedUntil = await tx.budget.closedUntil(row.installationId);
  const pace = { ...limitsOf(budget, row.taskId !== null), closedUntil, now };
  const sent = await tx.budget.sent(row.installationId, now - 2 * HOUR);
  const places = await tx.budget.places(row.installationId);
  const slot = nextSlot({ ...pace, reservations: [...sent, ...places.map((place) => place.at)] });
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
