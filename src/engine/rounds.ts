import { admit, dueForExtension, extendLeases } from './admit.ts';
import type { EngineOptions } from './handlers.ts';
import { createRest } from './rest.ts';
import { runDelivery } from './run-delivery.ts';
import { runTask } from './run-task.ts';
import type { Units } from './units.ts';

/** Units of a kind at once; none of them runs a workflow, so they have no cap of the operator. */
const DELIVERIES = 4;
const REPORTS = 4;
const EFFECTS = 8;
/** Due effects looked at in a round; more than run at once, because some may rest. */
const EFFECTS_LOOKED_AT = 64;
const UNDOS = 4;
const UNDOS_LOOKED_AT = 32;
/** A receiver that never answers holds one for 10 seconds. */
const NOTIFICATIONS = 8;
const NOTIFICATIONS_LOOKED_AT = 64;

export interface Rounds {
  /** One look at everything that is due. `nextDue`: when a report that is behind may next be written, or a closed installation opens; or Infinity. */
  run(): Promise<{ started: number; nextDue: number }>;
  /** From now on rounds start nothing; resolves when the one under way is over. */
  close(): Promise<void>;
}

interface Context extends EngineOptions {
  leaseMs: number;
  sweepMs: number;
  missedMs: number;
  units: Units;
  /** Aborts when a drain begins. */
  draining: AbortSignal;
}

export function createRounds(context: Context): Rounds {
  const { store, clock, log, handlers, units, leaseMs, sweepMs, missedMs, caps, reportDue, draining } = context;
  const rest = createRest();
  let recovered = false;
  let closed = false;
  let timedAt = Number.NEGATIVE_INFINITY;
  let sweptAt = Number.NEGATIVE_INFINITY;
  let missedAt = Number.NEGATIVE_INFINITY;
  let current: Promise<unknown> = Promise.resolve();

  async function round(): Promise<{ started: number; nextDue: number }> {
    const now = clock.now();
    if (!recovered) {
      await store.write((tx) => tx.orphanLeases());
      recovered = true;
    }
    await keepLeases(now);
    await passCancelsOn();
    if (closed) return { started: 0, nextDue: Number.POSITIVE_INFINITY };
    const admitted = await startAdmitted(now);
    const reports = await startReports(now);
    const effects = (await startEffects(now)) + (await startUndos(now)) + (await startNotifications(now));
    const started = admitted + reports.started + effects + startSweep(now) + startMissed(now);
    const opening = (await store.read.budget.nextOpening(now)) ?? Number.POSITIVE_INFINITY;
    return { started, nextDue: Math.min(reports.nextDue, opening) };
  }

  async function keepLeases(now: number): Promise<void> {
    const due = dueForExtension(units, now, leaseMs);
    if (due.length === 0) return;
    const lost = await store.write((tx) => extendLeases(tx, due, now + leaseMs));
    for (const unit of due) unit.extendedAt = now;
    for (const unit of lost) unit.stop('lease_lost');
  }

  async function passCancelsOn(): Promise<void> {
    if (units.count('task') === 0) return;
    for (const task of await store.read.tasks.running()) {
      if (task.cancelRequested) units.get('task', task.id)?.stop('cancelled');
    }
  }

  async function startAdmitted(now: number): Promise<number> {
    const room = DELIVERIES - units.count('delivery');
    let at = now;
    const { deliveries, tasks } = await store.write((tx) => {
      // Who waited for the door finds what ended meanwhile: started at an earlier time, it would seem to run beside it.
      at = clock.now();
      return admit(tx, { now: at, leaseMs, caps, deliveries: room, units, timed: at > timedAt });
    });
    timedAt = at;
    for (const row of deliveries) {
      const lease = { id: row.id, fence: row.fence };
      units.add('delivery', row.id, lease, at, () =>
        logged('delivery', row.id, () => runDelivery(context, row, handlers.delivery)),
      );
    }
    for (const row of tasks) {
      const lease = { id: row.id, fence: row.fence };
      units.add('task', row.id, lease, at, (unit, signal) =>
        logged('task', row.id, () => runTask(context, row, unit, () => handlers.task(row, signal, draining))),
      );
    }
    return deliveries.length + tasks.length;
  }

  async function startReports(now: number): Promise<{ started: number; nextDue: number }> {
    let started = 0;
    let nextDue = Number.POSITIVE_INFINITY;
    for (const fleet of await store.read.fleets.reportsBehind(now)) {
      if (units.get('report', fleet.id) !== undefined) continue;
      const version = `report ${fleet.id} ${fleet.eventSeq}`;
      const due = Math.max(await reportDue(fleet, now), rest.until(version, now));
      if (due > now) nextDue = Math.min(nextDue, due);
      else if (units.count('report') < REPORTS) {
        started += 1;
        units.add('report', fleet.id, null, now, async () => {
          await logged('report', fleet.id, () => handlers.report(fleet.id));
          rest.begin(version, clock.now());
        });
      }
    }
    return { started, nextDue };
  }

  async function startEffects(now: number): Promise<number> {
    let started = 0;
    for (const effect of await store.read.effects.due(now, EFFECTS_LOOKED_AT)) {
      if (units.count('effect') >= EFFECTS) break;
      const version = `effect ${effect.id} ${effect.fence}`;
      if (units.get('effect', effect.id) !== undefined || rest.until(version, now) > now) continue;
      started += 1;
      units.add('effect', effect.id, null, now, async () => {
        await logged('effect', effect.id, () => handlers.effect(effect.id));
        rest.begin(version, clock.now());
      });
    }
    return started;
  }

  async function startUndos(now: number): Promise<number> {
    let started = 0;
    for (const { taskId, fence } of await store.read.undos.due(now, UNDOS_LOOKED_AT)) {
      if (units.count('undo') >= UNDOS) break;
      const version = `undo ${taskId} ${fence}`;
      if (units.get('undo', taskId) !== undefined || rest.until(version, now) > now) continue;
      started += 1;
      units.add('undo', taskId, null, now, async () => {
        await logged('undo', taskId, () => handlers.undo(taskId));
        rest.begin(version, clock.now());
      });
    }
    return started;
  }

  async function startNotifications(now: number): Promise<number> {
    let started = 0;
    for (const { id, fence } of await store.read.notifications.due(now, NOTIFICATIONS_LOOKED_AT)) {
      if (units.count('notification') >= NOTIFICATIONS) break;
      const version = `notification ${id} ${fence}`;
      if (units.get('notification', id) !== undefined || rest.until(version, now) > now) continue;
      started += 1;
      units.add('notification', id, null, now, async (_unit, signal) => {
        await logged('notification', id, () => handlers.notification(id, signal));
        rest.begin(version, clock.now());
      });
    }
    return started;
  }

  function startSweep(now: number): number {
    if (now - sweptAt < sweepMs || units.count('sweep') > 0) return 0;
    sweptAt = now;
    units.add('sweep', 'sweep', null, now, () => logged('sweep', 'sweep', handlers.sweep));
    return 1;
  }

  function startMissed(now: number): number {
    if (now - missedAt < missedMs || units.count('missed') > 0) return 0;
    missedAt = now;
    units.add('missed', 'missed', null, now, (_unit, signal) =>
      logged('missed', 'missed', () => handlers.missed(signal)),
    );
    return 1;
  }

  /** What escapes a unit is a bug or a broken disk: its lease ends and it is taken up again. */
  async function logged(kind: string, id: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      log.error({ err: error, kind, id }, 'a unit failed');
    }
  }

  return {
    run() {
      const mine = round();
      current = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      closed = true;
      await current;
    },
  };
}
