import type { FleetEvent } from '../core/events.ts';
import { GATE_MS } from '../core/rollout/gate-expiry.ts';
import { afterOpening, nextStep, type RolloutStep, type RolloutTask } from '../core/rollout/next-step.ts';
import type { FleetWrites } from './contract/fleets.ts';
import { appendEvents } from './events.ts';
import { endFleetWhenDone } from './fleet-ending.ts';
import { type LeanRow, theFleet } from './fleet-rows.ts';
import { planOf } from './plans.ts';
import type { Db } from './schema.ts';
import { cancelTasks } from './task-cancelling.ts';

type GateWrites = Pick<FleetWrites, 'openGate' | 'expireGates'>;

export function gateWrites(db: Db): GateWrites {
  return {
    async openGate(id, by, now) {
      const fleet = await theFleet(db, id);
      if (fleet.gate === null || fleet.ended_at !== null) return false;
      const { gate } = fleet;
      await db
        .updateTable('fleets')
        .set({ gate: null, gate_since: null, halts_since: now })
        .where('id', '=', id)
        .execute();
      await appendEvents(db, id, now, [{ type: 'gate_opened', v: 1, gate, by: by.login }]);
      await take(db, fleet, afterOpening(stateOf(fleet), await tasksOf(db, id)), now);
      return true;
    },

    async expireGates(now) {
      const due = await db
        .selectFrom('fleets')
        .select(['id', 'gate_since'])
        .where((eb) => eb.or([eb('gate_since', '<=', now - GATE_MS), eb('paused_at', '<=', now - GATE_MS)]))
        .where('ended_at', 'is', null)
        .where('cancel_requested_at', 'is', null)
        .orderBy('seq')
        .execute();
      for (const { id, gate_since } of due) {
        const held = gate_since !== null && gate_since <= now - GATE_MS;
        await db.updateTable('fleets').set({ cancel_requested_at: now }).where('id', '=', id).execute();
        await appendEvents(db, id, now, [{ type: held ? 'gate_expired' : 'pause_expired', v: 1 }]);
        const reason = held ? 'Nobody let the fleet go on within 7 days.' : 'Nobody resumed the fleet within 7 days.';
        await cancelTasks(db, id, reason, now);
        await endFleetWhenDone(db, id, now);
      }
    },
  };
}

/** After a task ended: whether the next wave is released, or nothing more starts. */
export async function turnGate(db: Db, fleetId: string, now: number): Promise<void> {
  const { rollout } = (await planOf(db, fleetId)).workflow;
  if (rollout === null) return;
  const fleet = await theFleet(db, fleetId);
  if (fleet.gate !== null || fleet.cancel_requested_at !== null) return;
  await take(db, fleet, nextStep(rollout, stateOf(fleet), await tasksOf(db, fleetId)), now);
}

const stateOf = ({ wave, halts_since }: LeanRow) => ({ wave, haltsSince: halts_since });

async function tasksOf(db: Db, fleetId: string): Promise<RolloutTask[]> {
  const rows = await db
    .selectFrom('tasks')
    .select(['wave', 'status', 'ended_at as endedAt', 'publishing_at'])
    .select((eb) => eb('journal', 'is not', null).as('journaled'))
    .where('fleet_id', '=', fleetId)
    .execute();
  return rows.map(({ wave, status, endedAt, publishing_at, journaled }) => ({
    wave,
    status,
    endedAt,
    begun: publishing_at !== null || Boolean(journaled),
  }));
}

async function take(db: Db, { id }: Pick<LeanRow, 'id'>, step: RolloutStep, now: number): Promise<void> {
  switch (step.step) {
    case 'none':
      return;
    case 'release':
      await db.updateTable('fleets').set({ wave: step.wave }).where('id', '=', id).execute();
      await appendEvents(db, id, now, [{ type: 'wave_released', v: 1, wave: step.wave }]);
      return;
    case 'close':
      await db.updateTable('fleets').set({ gate: step.gate, gate_since: now }).where('id', '=', id).execute();
      await appendEvents(db, id, now, [closed(step)]);
  }
}

function closed(step: RolloutStep & { step: 'close' }): FleetEvent {
  switch (step.gate) {
    case 'wave':
      return { type: 'gate_closed', v: 1, gate: 'wave' };
    case 'halted':
      return { type: 'gate_closed', v: 1, gate: 'halted', failed: step.failed, of: step.of };
  }
}
