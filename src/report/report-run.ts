import type { Caps } from '../core/slots.ts';
import type { Effects } from '../effects/effects.ts';
import type { Clock } from '../ports/clock.ts';
import type { GitHub } from '../ports/github.ts';
import type { Log } from '../ports/log.ts';
import type { EffectRequest, EffectRow } from '../store/contract/effects.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Lease } from '../store/contract/lease.ts';
import type { Store } from '../store/contract/store.ts';
import type { EditLog } from './edit-log.ts';
import type { GateLog } from './gate-log.ts';

export interface ReporterSettings {
  store: Store;
  effects: Effects;
  github: Pick<GitHub, 'webUrl' | 'writes' | 'identity'>;
  clock: Clock;
  /** Content-creating requests of one installation, for the estimate of when paced pull requests are made. */
  budget: { perMinute: number; perHour: number };
  /** Of the engine, for the estimate of when queued tasks start. */
  caps: Caps;
  log: Log;
  newNotificationId(): string;
}

/** One report under its lease. */
export interface ReportRun extends ReporterSettings {
  /** As it was when claimed: events that come later make the next report. */
  fleet: FleetRow & Lease;
  startedAt: number;
  edits: EditLog;
  gates: GateLog;
  /** Ids of creations whose duplicates this process has looked for; after a restart it looks again. */
  lookedForExtras: Set<string>;
}

/** Effect key of the comment at the end: a fleet of which something was tried again ends once more. */
export async function finalKey({ store, fleet }: ReportRun): Promise<string> {
  const events = fleet.turnedAt === null ? [] : await store.read.events.ofFleet(fleet.id);
  // As the fleet was claimed: one that was reopened since has this end and another one to tell.
  const reopened = events.filter(({ seq, event }) => seq <= fleet.eventSeq && event.type === 'fleet_reopened').length;
  return reopened === 0 ? `final:${fleet.id}` : `final:${fleet.id}:${reopened + 1}`;
}

/** Throws EffectPending when it cannot be settled now. */
export function performFor({ effects, fleet }: ReportRun, key: string, request: EffectRequest): Promise<EffectRow> {
  return effects.perform({ key, installationId: fleet.installationId, fleetId: fleet.id, taskId: null, request });
}
