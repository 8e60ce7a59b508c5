/** A fleet as the event log tells it, without its tasks' own events. */
import type { FleetEvent } from '../../src/core/events.ts';
import type { Gate } from '../../src/core/rollout/next-step.ts';
import { countTasks, rollup } from '../../src/core/rollup.ts';
import { isTerminal, type TaskStatus } from '../../src/core/status.ts';

export type OwnEvent = Exclude<FleetEvent, { taskId: string }>;

export interface FleetReplay {
  planned: boolean;
  approved: boolean;
  cancelRequested: boolean;
  paused: boolean;
  ended: boolean;
  gate: Gate | null;
  wave: number;
}

export const newFleet = (): FleetReplay => ({
  planned: false,
  approved: false,
  cancelRequested: false,
  paused: false,
  ended: false,
  gate: null,
  wave: 0,
});

/** What may come after the end. */
const AFTER_END: readonly FleetEvent['type'][] = [
  'fleet_reopened',
  'fleet_superseded',
  'effect_done',
  'effect_refused',
  'box_ticked',
  'issue_edited',
  'undo_requested',
];

/** Applies one event; what it says that cannot be is returned. @param tasks statuses of all of its tasks at this moment */
export function replayFleet(fleet: FleetReplay, event: OwnEvent, tasks: readonly TaskStatus[]): string[] {
  const faults = fleet.ended && !AFTER_END.includes(event.type) ? [`${event.type} after the fleet ended`] : [];
  const unless = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault);
  };
  switch (event.type) {
    case 'fleet_planned':
      unless(!fleet.planned, 'it is planned twice');
      fleet.planned = true;
      break;
    case 'fleet_approved':
      unless(!fleet.approved, 'it is approved after it was, or after a task started');
      fleet.approved = true;
      break;
    case 'fleet_cancel_requested':
    case 'fleet_rejected':
    case 'fleet_expired':
    case 'gate_expired':
    case 'pause_expired':
      unless(!fleet.cancelRequested, `${event.type} after a cancel was requested`);
      fleet.cancelRequested = true;
      break;
    case 'wave_released':
      unless(event.wave > fleet.wave, `wave ${event.wave} is released after wave ${fleet.wave}`);
      fleet.wave = event.wave;
      break;
    case 'gate_closed':
      unless(fleet.gate === null, `its gate is closed (${event.gate}) while it is (${fleet.gate})`);
      fleet.gate = event.gate;
      break;
    case 'gate_opened':
      unless(fleet.gate === event.gate, `its gate is opened (${event.gate}) while it is ${fleet.gate ?? 'open'}`);
      fleet.gate = null;
      break;
    case 'fleet_paused':
      unless(!fleet.paused, 'it is paused twice');
      fleet.paused = true;
      break;
    case 'fleet_resumed':
      unless(fleet.paused, 'it is resumed and was not paused');
      fleet.paused = false;
      break;
    // Told to fleets that have something queued at that moment, so one need not have heard of the other.
    case 'disk_full':
    case 'disk_freed':
    case 'fleet_retried':
    case 'fleet_publish_requested':
    case 'effect_done':
    case 'effect_refused':
    case 'box_ticked':
    case 'issue_edited':
      break;
    case 'fleet_ended': {
      unless(tasks.every(isTerminal), 'it ends before its tasks have');
      const { approved, cancelRequested, gate, paused } = fleet;
      const status = rollup({ approved, cancelRequested, gateClosed: gate !== null || paused }, countTasks(tasks));
      unless(event.status === status, `it ends ${event.status}, its tasks come to ${status}`);
      fleet.ended = true;
      break;
    }
    case 'fleet_reopened':
      unless(fleet.ended, 'it is reopened and had not ended');
      Object.assign(fleet, { ended: false, cancelRequested: false, paused: false, gate: null });
      break;
    case 'undo_requested':
      unless(fleet.ended, 'an undo is asked for before it ended');
      break;
    case 'fleet_superseded':
      unless(fleet.ended, 'it is superseded and had not ended');
      break;
  }
  return faults;
}
