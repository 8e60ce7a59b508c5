import type { Transcript } from '../core/render/evidence-section.ts';
import { asksAgent } from '../core/render/node-table.ts';
import type { PullRequestFacts } from '../core/render/pull-request.ts';
import { NOTHING_SPENT } from '../core/spent.ts';
import type { NodeRow } from '../store/contract/nodes.ts';
import type { TaskRun } from './context.ts';

/** Sessions before these are told by the table alone. */
const TRANSCRIPTS = 5;
/** Of each: a few times what is shown, as much of it is no text. */
const TRANSCRIPT_BYTES = 512 * 1024;

/** What the pull request shows of the nodes that ran; what is not on the disk any more is told to be gone. */
export async function gatherEvidence(
  run: TaskRun,
  nodes: readonly NodeRow[],
): Promise<NonNullable<PullRequestFacts['evidence']>> {
  const asked = nodes.filter((node) => asksAgent(node) && node.logFile !== null);
  const transcripts: Transcript[] = [];
  for (const { nodeId, logFile } of asked.slice(-TRANSCRIPTS)) {
    const end = logFile === null ? undefined : await run.context.logs.tail(logFile, TRANSCRIPT_BYTES);
    transcripts.push({ nodeId, end: end === undefined ? null : { jsonl: end.text, whole: end.whole } });
  }
  const { id: taskId, fleetId } = run.task;
  const spent = await run.context.store.read.sessions.spentOfFleet(fleetId, taskId);
  return { taskId, nodes, transcripts, spent: spent.get(taskId) ?? NOTHING_SPENT };
}
