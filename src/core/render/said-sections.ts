/** What workflows said where that is the result: reports instead of pull requests, and reasons of `cancel` nodes. */
import { plural } from './amounts.ts';
import { repositoryLink } from './links.ts';
import { indented } from './list-item.ts';
import { redact } from './redact.ts';
import { clip, fenced, safeProse } from './safe-text.ts';
import { cleanLines } from './terminal-text.ts';
import type { TaskView, TrackingIssueFacts } from './views.ts';

interface Detail {
  /** Characters of each text. */
  shown: number;
  /** Repositories listed. */
  listed: number;
}

/** From generous to bare; the table names every repository anyway. */
const DETAILS: readonly Detail[] = [
  { shown: 4_000, listed: 100 },
  { shown: 1_500, listed: 100 },
  { shown: 500, listed: 100 },
  { shown: 200, listed: 50 },
  { shown: 200, listed: 20 },
  { shown: 200, listed: 3 },
];

/** What stays readable in one line. */
const INLINE = 200;

/** Empty when no workflow without pull requests ended; at most `limit` UTF-16 units. */
export function reportSection(facts: TrackingIssueFacts, limit: number): string {
  if (facts.fleet.plan.workflow.opensPullRequests) return '';
  const tasks = facts.tasks.filter(({ status, outcome }) => status === 'completed' && outcome === 'unchanged');
  return fitting({ title: 'Reports', label: 'Report', tasks: tasks.filter(said), facts }, limit);
}

/** Empty when no workflow cancelled a task; at most `limit` UTF-16 units. */
export function cancelSection(facts: TrackingIssueFacts, limit: number): string {
  const tasks = facts.tasks.filter((task) => task.status === 'cancelled' && hasCancelNode(facts, task));
  return fitting({ title: 'Cancelled by the workflow', label: 'Reason', tasks: tasks.filter(said), facts }, limit);
}

/** A skipped one never began. */
const hasCancelNode = ({ nodes }: TrackingIssueFacts, { id }: TaskView): boolean =>
  (nodes.get(id) ?? []).some(({ kind, status }) => kind === 'cancel' && status !== 'skipped');

const said = ({ reason }: TaskView): boolean => reason !== null && reason.trim() !== '';

interface Said {
  title: string;
  /** Of a fold. */
  label: string;
  tasks: readonly TaskView[];
  facts: TrackingIssueFacts;
}

function fitting(what: Said, limit: number): string {
  if (what.tasks.length === 0) return '';
  for (const detail of DETAILS) {
    const text = section(what, detail, limit);
    if (text !== undefined) return text;
  }
  return '';
}

/** undefined as soon as it is too long. */
function section(what: Said, { shown, listed }: Detail, limit: number): string | undefined {
  const { title, tasks } = what;
  let text = `### ${title} (${tasks.length})\n`;
  for (const task of tasks.slice(0, listed)) {
    text += `\n${item(what, task, shown)}`;
    if (text.length > limit) return undefined;
  }
  const more = tasks.length - listed;
  if (more > 0) text += `\n- ${plural(more, 'more repository', 'more repositories')}; the table names them.`;
  return text.length <= limit ? text : undefined;
}

/** A short text in its line, a longer one folded below it. */
function item({ label, facts }: Said, { repository, reason }: TaskView, shown: number): string {
  const link = repositoryLink(repository, facts.webUrl);
  const text = clip(redact(cleanLines(reason ?? '')).trim(), shown);
  if (text.length <= INLINE && !text.includes('\n')) return `- ${link}: ${safeProse(text, INLINE)}`;
  return `- ${link}:\n${indented(`<details><summary>${label}</summary>\n\n${fenced(text)}\n\n</details>`)}`;
}
