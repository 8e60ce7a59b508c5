/** Who decided what, so that the issue tells the whole story. */
import { utc } from './amounts.ts';
import { boundedList } from './bounded-list.ts';
import { personLink, repositoryLink } from './links.ts';
import { failedText, nameOf } from './rollout-section.ts';
import { codeSpan, safeText } from './safe-text.ts';
import type { ApprovalView, GateView, TrackingIssueFacts } from './views.ts';

type Answered = ApprovalView & { answer: NonNullable<ApprovalView['answer']> };
type Ended = GateView & { end: NonNullable<GateView['end']> };

/** From generous to bare: repositories listed for each decision, characters of its text, decisions. */
const DETAILS = [
  { listed: 20, shown: 500, lines: 40 },
  { listed: 5, shown: 200, lines: 40 },
  { listed: 3, shown: 100, lines: 10 },
  { listed: 1, shown: 0, lines: 3 },
] as const;
type Detail = (typeof DETAILS)[number];

interface Entry {
  at: number;
  line(detail: Detail): string;
}

/** Empty when nothing was decided; at most `limit` UTF-16 units. */
export function decidedSection(facts: TrackingIssueFacts, limit: number): string {
  const answered = facts.approvals.flatMap((approval): Answered[] =>
    approval.answer === null ? [] : [{ ...approval, answer: approval.answer }],
  );
  const gates = facts.gates.flatMap((gate): Ended[] => (gate.end === null ? [] : [{ ...gate, end: gate.end }]));
  if (answered.length + gates.length === 0) return '';
  const entries = [
    ...gates.map((gate): Entry => ({ at: gate.end.at, line: () => gateLine(gate, facts) })),
    ...answerEntries(answered, facts),
  ].sort((a, b) => a.at - b.at);
  for (const detail of DETAILS) {
    const told = entries.slice(-detail.lines).map((entry) => entry.line(detail));
    const earlier = entries.length - told.length;
    const all = earlier === 0 ? told : [`- … ${earlier} earlier`, ...told];
    const text = `### Decisions (${answered.length + gates.length})\n\n${all.join('\n')}`;
    if (text.length <= limit) return text;
  }
  return '';
}

/** Answers that are the same are told together. */
function answerEntries(answered: readonly Answered[], { tasks, webUrl }: TrackingIssueFacts): Entry[] {
  const groups = Map.groupBy(answered, ({ nodeId, answer }) => JSON.stringify([nodeId, answer]));
  const repositories = new Map(tasks.map(({ id, repository }) => [id, repository]));
  return [...groups.values()].map((group) => ({
    at: group[0]?.answer.at ?? 0,
    line({ listed, shown }) {
      const links = group.slice(0, listed).flatMap(({ taskId }) => {
        const repository = repositories.get(taskId);
        return repository === undefined ? [] : [repositoryLink(repository, webUrl)];
      });
      return answerLine(group, boundedList(links, group.length), shown, webUrl);
    },
  }));
}

function answerLine([first]: readonly Answered[], where: string, shown: number, webUrl: string): string {
  if (first === undefined) return '';
  const { nodeId, answer } = first;
  const node = codeSpan(nodeId, 80);
  switch (answer.kind) {
    case 'expired':
      return `- ${node}: nobody decided in time, in ${where} (${utc(answer.at)})`;
    case 'decided': {
      const text = safeText(answer.text, shown);
      const said = text === '' ? '' : `: ${text}`;
      return `- ${node}: **${safeText(answer.decision, 80)}** by ${personLink(answer.by, webUrl)} in ${where} (${utc(answer.at)})${said}`;
    }
  }
}

function gateLine(gate: Ended, facts: TrackingIssueFacts): string {
  const { end } = gate;
  const what = gate.halt === null ? `After ${nameOf(facts, gate.wave)}` : `Halted, as ${failedText(facts, gate)}`;
  switch (end.kind) {
    case 'expired':
      return `- ${what}: nobody let it go on in time (${utc(end.at)})`;
    case 'opened':
    case 'cancelled': {
      const by = personLink({ login: end.by }, facts.webUrl);
      return `- ${what}: **${end.kind === 'opened' ? 'approve' : 'cancel'}** by ${by} (${utc(end.at)})`;
    }
  }
}
