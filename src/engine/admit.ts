import type { DeliveryRow } from '../store/contract/deliveries.ts';
import { FenceLost, type Lease } from '../store/contract/lease.ts';
import type { Tx } from '../store/contract/store.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import { type Caps, chooseTasks } from './choose-tasks.ts';
import type { Unit, Units } from './units.ts';

export interface Admission {
  now: number;
  leaseMs: number;
  caps: Caps;
  /** Deliveries that may be claimed. */
  deliveries: number;
  units: Units;
}

export interface Admitted {
  deliveries: (DeliveryRow & Lease)[];
  tasks: (TaskRow & Lease)[];
}

/** One transaction: what is due by time, then who may start. Counting and starting together is what holds the caps. */
export async function admit(tx: Tx, admission: Admission): Promise<Admitted> {
  await expirePlans(tx, admission.now);
  await requeueAbandoned(tx, admission);
  return { deliveries: await claimDeliveries(tx, admission), tasks: await startTasks(tx, admission) };
}

async function expirePlans(tx: Tx, now: number): Promise<void> {
  for (const fleet of await tx.fleets.expired(now)) await tx.fleets.expire(fleet.id, now);
}

/** One that still runs in this process is never run beside itself, however late its lease is. */
async function requeueAbandoned(tx: Tx, { now, units }: Admission): Promise<void> {
  for (const task of await tx.tasks.abandoned(now)) {
    if (units.get('task', task.id) !== undefined) continue;
    await tx.tasks.requeue(task, 'The process that worked on it ended.', now, now);
  }
}

async function claimDeliveries(tx: Tx, { now, leaseMs, deliveries }: Admission): Promise<Admitted['deliveries']> {
  return deliveries > 0 ? await tx.deliveries.claim(now, now + leaseMs, deliveries) : [];
}

async function startTasks(tx: Tx, { now, leaseMs, caps }: Admission): Promise<Admitted['tasks']> {
  const loads = await tx.fleets.loads();
  if (loads.reduce((sum, load) => sum + load.running, 0) >= caps.system) return [];
  const started: Admitted['tasks'] = [];
  for (const id of chooseTasks(await tx.tasks.admissible(now, caps.system), loads, caps)) {
    const task = await tx.tasks.start(id, now, now + leaseMs);
    if (task !== undefined) started.push(task);
  }
  return started;
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
