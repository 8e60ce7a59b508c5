import { openApprovals } from '../open-approvals.ts';
import { codeCell } from './safe-text.ts';
import type { TrackingIssueFacts } from './views.ts';

/** Ids have at most 60 characters, and a row has no room for many. */
const SHOWN = 2;

/** Outcome cells of the tasks that wait for a decision, by task id. */
export function waitingCells({ approvals, tasks }: TrackingIssueFacts): ReadonlyMap<string, string> {
  const open = openApprovals(approvals, tasks).filter(({ task }) => task.status === 'waiting');
  const byTask = Map.groupBy(open, ({ task }) => task.id);
  const cell = (nodes: readonly string[]): string => {
    const named = nodes.slice(0, SHOWN).map((node) => codeCell(node, 60));
    return `⏸️ waiting for a decision: ${named.join(', ')}${nodes.length > SHOWN ? ', …' : ''}`;
  };
  return new Map([...byTask].map(([id, asked]) => [id, cell(asked.map(({ approval }) => approval.nodeId))]));
}
