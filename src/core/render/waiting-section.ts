/** What people have to decide before anything goes on: each question once, the repositories, and what to write. */
import { openApprovals } from '../open-approvals.ts';
import { isHeld } from '../rollout/opening.ts';
import { plural, repositories, thousands, utc } from './amounts.ts';
import { boundedList } from './bounded-list.ts';
import { decisionCommand } from './decision-command.ts';
import { repositoryLink } from './links.ts';
import { redact } from './redact.ts';
import { clip, codeSpan, fenced, safeProse, safeText } from './safe-text.ts';
import { cleanLines } from './terminal-text.ts';
import type { ApprovalView, TrackingIssueFacts } from './views.ts';

interface Detail {
  /** Characters of a message. */
  shown: number;
  /** Repositories listed for each question. */
  listed: number;
  questions: number;
  decisions: number;
}

/** From generous to bare; the table names every repository and its node. */
const DETAILS: readonly Detail[] = [
  { shown: 4_000, listed: 40, questions: 20, decisions: 20 },
  { shown: 1_500, listed: 20, questions: 20, decisions: 20 },
  { shown: 500, listed: 10, questions: 10, decisions: 20 },
  { shown: 200, listed: 5, questions: 5, decisions: 10 },
  { shown: 200, listed: 3, questions: 2, decisions: 5 },
  { shown: 0, listed: 0, questions: 1, decisions: 3 },
];

/** What stays readable in one line. */
const INLINE = 200;

interface Question {
  approval: ApprovalView;
  /** Of the first that expires. */
  expiresAt: number;
  repositories: readonly string[];
}

/** Empty when nothing waits for a decision; at most `limit` UTF-16 units. */
export function waitingSection(facts: TrackingIssueFacts, limit: number): string {
  const questions = questionsOf(facts);
  if (questions.length === 0) return '';
  for (const detail of DETAILS) {
    const text = section(questions, detail, facts, limit);
    if (text !== undefined) return text;
  }
  return '';
}

/** The same question about many repositories is one. */
function questionsOf({ approvals, tasks }: TrackingIssueFacts): Question[] {
  const same = ({ nodeId, message, decisions }: ApprovalView): string => JSON.stringify([nodeId, message, decisions]);
  const groups = Map.groupBy(openApprovals(approvals, tasks), ({ approval }) => same(approval));
  return [...groups.values()].flatMap((asked) => {
    const approval = asked[0]?.approval;
    if (approval === undefined) return [];
    const expiresAt = asked.reduce((first, { approval: { expiresAt: at } }) => Math.min(first, at), Infinity);
    return [{ approval, expiresAt, repositories: asked.map(({ task }) => task.repository) }];
  });
}

/** undefined as soon as it is too long. */
function section(
  questions: readonly Question[],
  detail: Detail,
  facts: TrackingIssueFacts,
  limit: number,
): string | undefined {
  const count = questions.reduce((sum, { repositories: asked }) => sum + asked.length, 0);
  // Without a node the commands would mean what holds the fleet.
  const withNode = isHeld(facts.fleet) || new Set(questions.map(({ approval }) => approval.nodeId)).size > 1;
  let text = `### Waiting for a decision (${thousands(count)})`;
  for (const question of questions.slice(0, detail.questions)) {
    // A command alone would decide the other questions too, which say something else.
    const [first, ...others] = question.repositories;
    const alone = questions.length > 1 && others.length === 0 ? (first ?? null) : null;
    text += `\n\n${asked(question, { withNode, alone }, detail, facts.webUrl)}`;
    if (text.length > limit) return undefined;
  }
  const more = questions.length - detail.questions;
  if (more > 0) text += `\n\n${plural(more, 'more question', 'more questions')}; the table names the nodes.`;
  text += `\n\n${HOW}`;
  return text.length <= limit ? text : undefined;
}

const HOW =
  'Write it as a comment here. Without a repository or a glob, as in `/fleet approve service-*`, it decides in all that wait; `text="…"` adds a remark.';

function asked(
  { approval, expiresAt, repositories: all }: Question,
  { withNode, alone }: { withNode: boolean; alone: string | null },
  detail: Detail,
  webUrl: string,
) {
  const { nodeId, decisions } = approval;
  const listed = all.slice(0, detail.listed).map((repository) => repositoryLink(repository, webUrl));
  const where = listed.length === 0 ? repositories(all.length) : boundedList(listed, all.length);
  const commands = decisions.slice(0, detail.decisions).map(({ id, label }) => {
    const command = codeSpan(decisionCommand(id, { repositories: alone, node: withNode ? nodeId : null }), 200);
    return `- ${command}${label === id ? '' : `: ${safeText(label, 100)}`}`;
  });
  if (decisions.length > commands.length) commands.push(`- … and ${decisions.length - commands.length} more`);
  const parts = [
    `${codeSpan(nodeId, 80)} asks in ${where}, until ${utc(expiresAt)}:`,
    message(approval, detail.shown),
    commands.join('\n'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** A short text in its line, a longer one in a block. */
function message(approval: ApprovalView, shown: number): string {
  const text = clip(redact(cleanLines(approval.message)).trim(), shown);
  if (text === '') return '';
  return text.length <= INLINE && !text.includes('\n') ? `> ${safeProse(text, INLINE)}` : fenced(text);
}
