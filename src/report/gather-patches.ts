import { groupPatches } from '../core/patch-groups.ts';
import { DIFF_PAGES } from '../core/render/diff-section.ts';
import { PAGE_LIMIT } from '../core/render/page-layout.ts';
import type { PatchView, TrackingIssueFacts } from '../core/render/views.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import type { ReportRun } from './report-run.ts';

/** All the room that there is: a fleet's diffs together can be many times as much, and are not read in vain. */
const ROOM = DIFF_PAGES * PAGE_LIMIT;

/** The diffs that a preview shows. */
export async function gatherPatches(
  { store, fleet }: ReportRun,
  tasks: readonly TaskRow[],
): Promise<TrackingIssueFacts['patches']> {
  if (!fleet.plan.flags.preview) return { shown: [], unread: 0 };
  const shown: PatchView[] = [];
  let unread = 0;
  let room = ROOM;
  for (const { taskIds, read, size } of groupPatches(tasks, await store.read.patches.summariesOfFleet(fleet.id))) {
    room -= size;
    const patch = room < 0 ? undefined : await store.read.patches.get(read.taskId, read.attempt);
    if (patch === undefined) unread += taskIds.length;
    else shown.push({ taskIds, files: patch.files, diff: patch.diff, truncated: patch.truncated });
  }
  return { shown, unread };
}
