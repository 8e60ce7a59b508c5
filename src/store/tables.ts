import { apiRequestReads, apiRequestWrites } from './api-requests.ts';
import { approvalReads, approvalWrites } from './approvals.ts';
import { budgetReads, budgetWrites } from './budget.ts';
import type { Reads, Tx } from './contract/store.ts';
import { deliveryReads, deliveryWrites, orphanDeliveries } from './deliveries.ts';
import { diskReads, diskWrites } from './disk.ts';
import { effectReads, effectWrites } from './effects.ts';
import { eventReads, eventWrites } from './events.ts';
import { gateWrites } from './fleet-gates.ts';
import { fleetPageReads } from './fleet-pages.ts';
import { publishingWrites } from './fleet-publishing.ts';
import { orphanReports, reportWrites } from './fleet-reports.ts';
import { turningWrites } from './fleet-turns.ts';
import { fleetReads, fleetWrites } from './fleets.ts';
import { metricReads } from './metrics.ts';
import { missedDeliveryReads, missedDeliveryWrites } from './missed-deliveries.ts';
import { nodeReads, nodeWrites } from './nodes.ts';
import { notificationReads, notificationWrites, orphanNotifications } from './notifications.ts';
import { patchReads, patchWrites } from './patches.ts';
import { pushReads, pushWrites } from './pushes.ts';
import type { Db } from './schema.ts';
import { orphanSessions, sessionReads, sessionWrites } from './sessions.ts';
import { admissionWrites, orphanTasks } from './task-admission.ts';
import { diskTaskWrites } from './task-disk.ts';
import { limitTaskWrites } from './task-limits.ts';
import { resumingWrites } from './task-resuming.ts';
import { taskReads, taskWrites } from './tasks.ts';
import { orphanUndos, undoReads, undoWrites } from './undos.ts';

/** Every query, on one handle. */
export function bindReads(db: Db): Reads {
  return {
    deliveries: deliveryReads(db),
    fleets: fleetReads(db),
    fleetPages: fleetPageReads(db),
    tasks: taskReads(db),
    nodes: nodeReads(db),
    sessions: sessionReads(db),
    approvals: approvalReads(db),
    effects: effectReads(db),
    pushes: pushReads(db),
    patches: patchReads(db),
    budget: budgetReads(db),
    events: eventReads(db),
    missed: missedDeliveryReads(db),
    disk: diskReads(db),
    undos: undoReads(db),
    apiRequests: apiRequestReads(db),
    notifications: notificationReads(db),
    metrics: metricReads(db),
  };
}

/** Every query and every write, on a handle whose transaction the caller has opened. */
export function bindTx(db: Db): Tx {
  const reads = bindReads(db);
  return {
    deliveries: { ...reads.deliveries, ...deliveryWrites(db) },
    fleets: {
      ...reads.fleets,
      ...fleetWrites(db),
      ...gateWrites(db),
      ...turningWrites(db),
      ...publishingWrites(db),
      ...reportWrites(db),
    },
    fleetPages: reads.fleetPages,
    tasks: {
      ...reads.tasks,
      ...taskWrites(db),
      ...admissionWrites(db),
      ...resumingWrites(db),
      ...diskTaskWrites(db),
      ...limitTaskWrites(db),
    },
    nodes: { ...reads.nodes, ...nodeWrites(db) },
    sessions: { ...reads.sessions, ...sessionWrites(db) },
    approvals: { ...reads.approvals, ...approvalWrites(db) },
    effects: { ...reads.effects, ...effectWrites(db) },
    pushes: { ...reads.pushes, ...pushWrites(db) },
    patches: { ...reads.patches, ...patchWrites(db) },
    budget: { ...reads.budget, ...budgetWrites(db) },
    events: { ...reads.events, ...eventWrites(db) },
    missed: { ...reads.missed, ...missedDeliveryWrites(db) },
    disk: { ...reads.disk, ...diskWrites(db) },
    undos: { ...reads.undos, ...undoWrites(db) },
    apiRequests: { ...reads.apiRequests, ...apiRequestWrites(db) },
    notifications: { ...reads.notifications, ...notificationWrites(db) },
    async orphanLeases() {
      await orphanDeliveries(db);
      await orphanTasks(db);
      await orphanSessions(db);
      await orphanReports(db);
      await orphanUndos(db);
      await orphanNotifications(db);
    },
  };
}
