import { type Caps, createSlots, type FleetLoad } from '../core/slots.ts';
import type { DeliveryRow } from '../store/contract/deliveries.ts';
import { FenceLost, type Lease } from '../store/contract/lease.ts';
import type { Tx } from '../store/contract/store.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import { chooseTasks } from './choose-tasks.ts';
import type { Unit, Units } from './units.ts';

/** Candidates beside those that a fleet has room for, should another fleet take a branch first. */
const SPARE = 8;

export interface Admission {
  now: number;
  leaseMs: number;
  caps: Caps;
  /** Deliveries that may be claimed. */
  deliveries: number;
  units: Units;
  /** Time has passed since the last round, so that something can be due by it. */
  timed: boolean;
}

export interface Admitted {
  deliveries: (DeliveryRow & Lease)[];
  tasks: (TaskRow & Lease)[];
}

/** One transaction: what is due by time, then who may start. Counting and starting together is what holds the caps. */
export async function admit(tx: Tx, admission: Admission): Promise<Admitted> {
  if (admission.timed) {
    await expirePlans(tx, admission.now);
    await tx.approvals.expire(admission.now);
    await tx.fleets.expireGates(admission.now);
    await requeueAbandoned(tx, admission);
  }
  return { deliveries: await claimDeliveries(tx, admission), tasks: await startTasks(tx, admission) };
}

async function expirePlans(tx: Tx, now: number): Promise<void> {
  for (const fleet of await tx.fleets.expired(now)) await tx.fleets.expire(fleet.id, now);
}

/** One that still runs in this process is never run beside itself, however late its lease is. */
async function requeueAbandoned(tx: Tx, { now, units }: Admission): Promise<void> {
  for (const task of await tx.tasks.abandoned(now)) {
    if (units.get('task', task.id) !== undefined) continue;
    await tx.tasks.abandon(task, now);
  }
}

async function claimDeliveries(tx: Tx, { now, leaseMs, deliveries }: Admission): Promise<Admitted['deliveries']> {
  return deliveries > 0 ? await tx.deliveries.claim(now, now + leaseMs, deliveries) : [];
}

async function startTasks(tx: Tx, { now, leaseMs, caps }: Admission): Promise<Admitted['tasks']> {
  const loads = await tx.fleets.loads();
  const slots = createSlots(loads, caps);
  if (!loads.some((load) => slots.free(load) > 0)) return [];
  const parked = loads.some((load) => load.parked > 0) ? await tx.tasks.parked(now) : [];
  const full = (await tx.disk.fullSince()) !== null;
  const candidates = { parked, queued: await queuedTasks(tx, loads, caps, { now, full }) };
  const started: Admitted['tasks'] = [];
  for (const id of chooseTasks(candidates, loads, caps)) {
    const task = await tx.tasks.start(id, now, now + leaseMs);
    if (task !== undefined) started.push(task);
  }
  return started;
}

/**
 * As many of each fleet as it has room for, until as many fleets have some as there are slots: a queue of thousands is
 * not read for the sake of the next eight. More than enough, because parked tasks and branches take some. With a full disk
 * only tasks that have their workspace already: their end is what makes room.
 */
async function queuedTasks(
  tx: Tx,
  loads: readonly FleetLoad[],
  caps: Caps,
  { now, full }: { now: number; full: boolean },
): Promise<TaskRow[]> {
  const slots = createSlots(loads, caps);
  const queued: TaskRow[] = [];
  let fleets = 0;
  for (const load of slots.inTurn()) {
    const ofFleet = await tx.tasks.admissible(load.fleetId, now, slots.room(load) + SPARE, full);
    queued.push(...ofFleet);
    if (ofFleet.length > 0) fleets += 1;
    if (fleets >= caps.system) break;
  }
  return queued;
}

/** Units whose lease a third of its length has gone of. */
export function dueForExtension(units: Units, now: number, leaseMs: number): Unit[] {
  return units.all().filter((unit) => unit.lease !== null && now - unit.extendedAt >= leaseMs / 3);
}

/** Extends the leases of running units; returns those that somebody else took. */
export async function extendLeases(tx: Tx, due: readonly Unit[], leaseUntil: number): Promise<Unit[]> {
  const lost: Unit[] = [];
  for (const unit of due) {
    if (unit.lease === null) continue;
    try {
      if (unit.kind === 'delivery') await tx.deliveries.extend(unit.lease, leaseUntil);
      else await tx.tasks.extend(unit.lease, leaseUntil);
    } catch (error) {
      if (!(error instanceof FenceLost)) throw error;
      lost.push(unit);
    }
  }
  return lost;
}
