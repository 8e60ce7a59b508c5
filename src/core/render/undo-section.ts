/** Who took a fleet's pull requests back, and what was left as it is, with the reason. */
import { plural, utc } from './amounts.ts';
import { personLink, pullRequestLink, repositoryLink } from './links.ts';
import { safeProse } from './safe-text.ts';
import { KEPT_WORDS, REMARK_WORDS } from './undo-words.ts';
import type { TaskView, TrackingIssueFacts, UndoView } from './views.ts';

/** Repositories listed, and characters of what GitHub said; from generous to bare. */
const DETAILS = [
  { listed: 100, shown: 300 },
  { listed: 20, shown: 100 },
  { listed: 3, shown: 0 },
  { listed: 0, shown: 0 },
] as const;
type Detail = (typeof DETAILS)[number];

const ASKED_SHOWN = 10;

/** Empty when nobody asked for it; at most `limit` UTF-16 units. */
export function undoSection(facts: TrackingIssueFacts, limit: number): string {
  if (facts.undos.length === 0) return '';
  const asked = [...Map.groupBy(facts.undos, ({ by, requestedAt }) => `${by.id} ${requestedAt}`).values()];
  const inOrder = asked.toSorted((a, b) => (a[0]?.requestedAt ?? 0) - (b[0]?.requestedAt ?? 0));
  const earlier = Math.max(0, inOrder.length - ASKED_SHOWN);
  const who = [
    ...(earlier > 0 ? [`- … ${earlier} earlier`] : []),
    ...inOrder.slice(earlier).map((undos) => askedLine(undos, facts)),
  ];
  const tasks = new Map(facts.tasks.map((task) => [task.id, task]));
  const told = facts.undos.flatMap((undo) => toldOf(tasks.get(undo.taskId), undo, facts));
  for (const detail of DETAILS) {
    const lines = told.slice(0, detail.listed).map((one) => one(detail));
    const more = told.length - lines.length;
    const rest = more > 0 ? [`- ${plural(more, 'more repository', 'more repositories')}; the table names them.`] : [];
    const text = [`### Undo (${facts.undos.length})`, '', ...who, ...lines, ...rest].join('\n');
    if (text.length <= limit) return text;
  }
  return '';
}

/** Of those that were asked for together. */
function askedLine(undos: readonly UndoView[], { webUrl }: TrackingIssueFacts): string {
  const [first] = undos;
  if (first === undefined) return '';
  const of = (state: UndoView['state']): number => undos.filter((undo) => undo.state === state).length;
  const counts: [number, string][] = [
    [of('undone'), 'closed'],
    [of('kept'), 'left as it is'],
    [of('requested'), 'under way'],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const what = plural(undos.length, 'pull request', 'pull requests');
  return `- ${personLink(first.by, webUrl)} asked for it on ${utc(first.requestedAt)}, of ${what}: ${parts.join(', ')}`;
}

/** Of one that is worth a line: kept, or with a remark. */
function toldOf(
  task: TaskView | undefined,
  undo: UndoView,
  { webUrl }: TrackingIssueFacts,
): ((detail: Detail) => string)[] {
  const word = wordOf(undo);
  if (task === undefined || word === null) return [];
  const { detail } = undo;
  return [
    ({ shown }) => {
      const said = detail === null || shown === 0 ? '' : ` ${safeProse(detail, shown)}`;
      return `- ${repositoryLink(task.repository, webUrl)}${numberOf(task)}: ${word}${said}`;
    },
  ];
}

function wordOf(undo: UndoView): string | null {
  switch (undo.state) {
    case 'requested':
      return null;
    case 'undone':
      return undo.remark === null ? null : REMARK_WORDS[undo.remark];
    case 'kept':
      return `left as it is. ${KEPT_WORDS[undo.reason]}`;
  }
}

const numberOf = ({ pullRequest }: TaskView): string =>
  pullRequest === null ? '' : ` ${pullRequestLink(pullRequest)}`;
