/** What a reviewer can check: how the commands ended that ran after an agent, and what agents did, in folded blocks. */
import { asksAgent, type ToldNode } from './node-table.ts';
import { codeSpan, quietTail, safeText } from './safe-text.ts';
import { transcriptText } from './transcript-text.ts';

/** The end of the last session of a node; null: its file is not there any more. */
export interface Transcript {
  nodeId: string;
  end: { jsonl: string; whole: boolean } | null;
}

export interface Evidence {
  taskId: string;
  /** Of this attempt, as they began. */
  nodes: readonly ToldNode[];
  /** As they began. */
  transcripts: readonly Transcript[];
}

/** UTF-16 units; what is folded still has to be loaded by whoever opens the page. */
const OUTPUTS_ROOM = 12_000;
const OUTPUT_LIMIT = 3_000;
const TRANSCRIPTS_ROOM = 20_000;
/** Less of a transcript says nothing. */
const LEAST = 500;
/** Of a block, around what it holds. */
const FRAME = 400;

/** Empty where there is nothing to show; at most `room` UTF-16 units. */
export function evidenceSection(evidence: Evidence, room: number): string {
  const outputs = outputBlocks(evidence, Math.min(OUTPUTS_ROOM, room / 2));
  const left = room - outputs.length;
  const transcripts = transcriptBlocks(evidence, Math.min(TRANSCRIPTS_ROOM, left));
  return [outputs, transcripts].filter((part) => part !== '').join('\n\n');
}

const COMMAND_KINDS: readonly string[] = ['bash', 'script'];

/** Every command that began after the first agent, as it judges or changes what the agent did; and every one that failed. */
export function judgingNodes(nodes: readonly ToldNode[]): ToldNode[] {
  const firstAgent = nodes.findIndex(asksAgent);
  return nodes.filter(
    ({ kind, status, tail }, index) =>
      COMMAND_KINDS.includes(kind) &&
      (status === 'failed' || (status === 'completed' && firstAgent !== -1 && index > firstAgent)) &&
      tail.trim() !== '',
  );
}

/** The last ones first get room: they saw what the pull request holds. */
function outputBlocks({ nodes }: Evidence, room: number): string {
  const summary = ({ nodeId, exitCode, status }: ToldNode): string =>
    `Output of <b>${safeText(nodeId, 80)}</b>, ${exitCode === null ? status : `status ${exitCode}`}`;
  const blocks = judgingNodes(nodes).map((node) => ({
    summary: summary(node),
    text: (limit: number) => quietTail(node.tail, limit),
  }));
  return lastBlocks(blocks, room, OUTPUT_LIMIT);
}

function transcriptBlocks({ taskId, transcripts }: Evidence, room: number): string {
  const there = transcripts.flatMap(({ nodeId, end }) => (end === null ? [] : [{ nodeId, end }]));
  const gone = transcripts.filter(({ end }) => end === null).map(({ nodeId }) => codeSpan(nodeId, 80));
  const lost =
    gone.length === 0 ? '' : `The transcript of ${gone.slice(0, 10).join(', ')} is not on the server any more.`;
  const blocks = there.map(({ nodeId, end }) => ({
    summary: `End of what the agent of <b>${safeText(nodeId, 80)}</b> was asked, said and did`,
    text: (limit: number) => {
      const told = quietTail(transcriptText(end.jsonl, end), limit);
      return `${told}\n\nAll of it, on the server: ${codeSpan(logsCommand(taskId, nodeId), 200)}`;
    },
  }));
  const limit = Math.floor((room - lost.length) / Math.max(1, there.length));
  return [lastBlocks(blocks, room - lost.length, Math.max(limit, 4_000)), lost]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What the operator types to read everything of a task, or of one of its nodes. */
export const logsCommand = (taskId: string, nodeId?: string): string =>
  `fleet logs ${taskId}${nodeId === undefined ? '' : ` --node ${nodeId}`}`;

interface Block {
  /** HTML. */
  summary: string;
  /** Markdown with the end of what it holds. */
  text(limit: number): string;
}

/** From the last on, as long as there is room; in their order. */
function lastBlocks(blocks: readonly Block[], room: number, limit: number): string {
  const shown: string[] = [];
  let left = room;
  for (const { summary, text } of blocks.toReversed()) {
    const most = Math.min(limit, left - FRAME);
    if (most < LEAST) break;
    const block = `<details><summary>${summary}</summary>\n\n${text(most)}\n\n</details>`;
    if (block.length > left) break;
    left -= block.length + 2;
    shown.unshift(block);
  }
  return shown.join('\n\n');
}
