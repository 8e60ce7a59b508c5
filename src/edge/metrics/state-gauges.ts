import { Gauge, type Registry } from 'prom-client';
import { type FleetGates, gatesOf, rollup, type TaskCounts } from '../../core/rollup.ts';
import type { OperatorSettings } from '../../core/settings/types.ts';
import type { InstallationBudget, LiveFleet, QueuedUnits, TaskGroup } from '../../store/contract/metrics.ts';

/** What the store told at one moment, epoch milliseconds. */
export interface Reading {
  now: number;
  fleets: readonly LiveFleet[];
  queues: QueuedUnits;
  budgets: readonly InstallationBudget[];
}

type Limits = Pick<OperatorSettings, 'caps' | 'contentBudget' | 'disk'>;

/** Gauges of what is now, each time written anew as a whole. */
export function createStateGauges(
  registry: Registry,
  limits: Limits,
  queueStart: (fleet: LiveFleet) => number,
): (reading: Reading) => void {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `flotilla_${name}`, help, labelNames, registers: [registry] });

  gauge('task_slots', 'Tasks that may run at once: caps.system').set(limits.caps.system);
  const quotas = gauge('disk_quota_bytes', 'Over it no task begins, by kind', ['kind']);
  quotas.set({ kind: 'workspaces' }, limits.disk.workspacesBytes);
  quotas.set({ kind: 'mirrors' }, limits.disk.mirrorsBytes);
  const budgetLimit = gauge('content_budget_limit', 'content_budget of each installation, by window', ['window']);
  budgetLimit.set({ window: 'minute' }, limits.contentBudget.perMinute);
  budgetLimit.set({ window: 'hour' }, limits.contentBudget.perHour);

  const fleets = gauge('fleets', 'Fleets that have not ended, by status', ['status']);
  const tasks = gauge('tasks', 'Tasks of fleets that have not ended', ['status', 'outcome']);
  const queue = gauge('queue_tasks', 'Queued tasks: ready, held by their fleet, or publishing', ['state']);
  const oldest = gauge('queue_oldest_seconds', 'How long the task has waited that is ready for longest; 0: none is');
  const deliveries = gauge('deliveries_queued', 'Stored deliveries that are not answered');
  const delivery = gauge('delivery_oldest_seconds', 'How long the oldest of them has waited');
  const reports = gauge('reports_behind', 'Fleets of which the tracking issue is behind');
  const report = gauge('report_behind_seconds', 'How long the one that is so longest has been');
  const effects = gauge('effects_pending', 'Creations and edits on GitHub that are not settled', ['state']);
  const diskFull = gauge('disk_full', '1: no task begins, as the disk has no room');
  const sent = gauge('content_budget_sent', 'Creations and edits sent within the window', ['installation', 'window']);
  const waiting = gauge('content_budget_waiting', 'Creations and edits that wait for their place', ['installation']);
  const closed = gauge(
    'content_budget_closed_until_timestamp_seconds',
    'Until when GitHub wants to be asked nothing; 0: it is open',
    ['installation'],
  );

  return ({ now, fleets: live, queues, budgets }) => {
    const ago = (at: number | null): number => (at === null ? 0 : Math.max(0, now - at) / 1000);

    for (const status of ['planned', 'running', 'waiting']) fleets.set({ status }, 0);
    tasks.reset();
    for (const status of ['queued', 'running', 'waiting']) tasks.set({ status, outcome: '' }, 0);
    for (const state of ['ready', 'held', 'publishing']) queue.set({ state }, 0);
    let since: number | null = null;
    for (const fleet of live) {
      const gates = gatesOf(fleet);
      fleets.inc({ status: rollup(gates, countsOf(fleet.groups)) });
      for (const group of fleet.groups) {
        tasks.inc({ status: group.status, outcome: group.outcome ?? '' }, group.count);
        if (group.status !== 'queued') continue;
        const state = stateOf(group, fleet, gates);
        queue.inc({ state }, group.count);
        if (state === 'ready') {
          since = Math.min(since ?? Number.POSITIVE_INFINITY, Math.max(group.notBefore, queueStart(fleet)));
        }
      }
    }
    oldest.set(ago(since));

    deliveries.set(queues.deliveries.count);
    delivery.set(ago(queues.deliveries.oldestAt));
    reports.set(queues.reports.count);
    report.set(ago(queues.reports.oldestAt));
    for (const state of ['intended', 'sent', 'unknown']) effects.set({ state }, 0);
    for (const { state, count } of queues.effects) effects.set({ state }, count);
    diskFull.set(queues.diskFullSince === null ? 0 : 1);

    for (const one of [sent, waiting, closed]) one.reset();
    for (const budget of budgets) {
      const installation = String(budget.installationId);
      sent.set({ installation, window: 'minute' }, budget.sentInMinute);
      sent.set({ installation, window: 'hour' }, budget.sentInHour);
      waiting.set({ installation }, budget.waiting);
      closed.set({ installation }, budget.closedUntil / 1000);
    }
  };
}

function countsOf(groups: readonly TaskGroup[]): TaskCounts {
  const counts = { queued: 0, running: 0, waiting: 0, completed: 0, failed: 0, cancelled: 0, timed_out: 0 };
  for (const { status, count } of groups) counts[status] += count;
  return counts;
}

/** What has begun to publish waits for GitHub; what a gate, a pause or a later wave holds waits for people. */
function stateOf(group: TaskGroup, fleet: LiveFleet, gates: FleetGates): 'ready' | 'held' | 'publishing' {
  if (group.publishing) return 'publishing';
  return !gates.approved || gates.gateClosed || group.wave > fleet.wave ? 'held' : 'ready';
}
