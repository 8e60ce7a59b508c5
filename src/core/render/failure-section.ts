/** Failures by category: what it means, what to do, and per repository the reason with the end of the output. */
import { FAILURES, type FailureCategory } from '../failures.ts';
import { plural } from './amounts.ts';
import { logsCommand } from './evidence-section.ts';
import { repositoryLink } from './links.ts';
import { indented } from './list-item.ts';
import { isFailed } from './outcome-words.ts';
import { codeSpan, fencedTail, safeProse, safeText } from './safe-text.ts';
import type { NodeView, TaskView, TrackingIssueFacts } from './views.ts';

interface Detail {
  /** Characters of output per failure. */
  tail: number;
  /** Failures listed per category. */
  listed: number;
}

/** From generous to bare: outputs shrink first, then the lists; the table names every repository anyway. */
const DETAILS: readonly Detail[] = [
  { tail: 3_000, listed: 100 },
  { tail: 1_200, listed: 100 },
  { tail: 500, listed: 100 },
  { tail: 0, listed: 100 },
  { tail: 0, listed: 20 },
  { tail: 0, listed: 3 },
  { tail: 0, listed: 0 },
];

/** Empty when nothing failed; at most `limit` UTF-16 units. */
export function failureSection(facts: TrackingIssueFacts, limit: number): string {
  const groups = Map.groupBy(facts.tasks.filter(isFailed), categoryOf);
  if (groups.size === 0) return '';
  for (const detail of DETAILS) {
    const text = section(groups, facts, detail, limit);
    if (text !== undefined) return text;
  }
  return '';
}

/** undefined as soon as it is too long: cleaning outputs that will not be shown is most of the work. */
function section(
  groups: ReadonlyMap<FailureCategory, readonly TaskView[]>,
  facts: TrackingIssueFacts,
  detail: Detail,
  limit: number,
): string | undefined {
  let text = '### Failures';
  for (const [category, tasks] of groups) {
    const { title, description, remedy } = FAILURES[category];
    text += `\n\n#### ${title} (${tasks.length})\n\n${description} **What to do:** ${remedy}\n`;
    for (const task of tasks.slice(0, detail.listed)) {
      text += `\n${failure(task, facts, detail)}`;
      if (text.length > limit) return undefined;
    }
    const more = tasks.length - detail.listed;
    if (more > 0) text += `\n- ${plural(more, 'more repository', 'more repositories')}; the table names them.`;
  }
  return text.length <= limit ? text : undefined;
}

function categoryOf(task: TaskView): FailureCategory {
  return task.category ?? (task.status === 'timed_out' ? 'timeout' : 'internal');
}

function failure(task: TaskView, { nodes, webUrl }: TrackingIssueFacts, detail: Detail): string {
  const reason = safeProse(task.reason ?? 'No reason was recorded.', detail.tail === 0 ? 200 : 600);
  const kept = task.workspace === null ? '' : ` Its workspace is kept: ${codeSpan(task.workspace, 300)}.`;
  const logs = task.startedAt === null ? '' : ` Its logs, on the server: ${codeSpan(logsCommand(task.id), 80)}.`;
  const line = `- ${repositoryLink(task.repository, webUrl)}: ${reason}${kept}${logs}`;
  const failed = (nodes.get(task.id) ?? []).filter((node) => node.status === 'failed').at(-1);
  if (failed === undefined || failed.tail.trim() === '' || detail.tail === 0) return line;
  return `${line}\n${indented(folded(failed, detail.tail))}`;
}

function folded(node: NodeView, limit: number): string {
  const status = node.exitCode === null ? '' : `, status ${node.exitCode}`;
  const name = safeText(node.nodeId, 80);
  return `<details><summary>End of the output of <b>${name}</b>${status}</summary>\n\n${fencedTail(node.tail, limit)}\n\n</details>`;
}
