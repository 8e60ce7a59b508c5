import type { TrackingIssueFacts } from '../core/render/views.ts';
import { countTasks, gatesOf, rollup } from '../core/rollup.ts';
import type { ReportRun } from './report-run.ts';

/** Everything that the texts need, read after the fleet was claimed, so that no event before its seq is missing. */
export async function gatherFacts({ store, fleet, github }: ReportRun): Promise<TrackingIssueFacts> {
  const tasks = await store.read.tasks.ofFleet(fleet.id);
  const nodes = await store.read.nodes.ofFleet(fleet.id);
  const next = fleet.supersededBy === null ? undefined : await store.read.fleets.get(fleet.supersededBy);
  return {
    fleet,
    status: rollup(gatesOf(fleet), countTasks(tasks.map((task) => task.status))),
    tasks,
    nodes: Map.groupBy(nodes, (node) => node.taskId),
    supersededBy: next === undefined ? null : { fleet: next.id, url: next.trackingIssue?.url ?? null },
    webUrl: github.webUrl,
  };
}
