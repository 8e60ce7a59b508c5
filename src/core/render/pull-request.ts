/** Title, body and commit message of a task's pull request. */
import type { Person } from '../plan.ts';
import type { Spent } from '../spent.ts';
import { utc } from './amounts.ts';
import { inputsText, submitCommand } from './command-text.ts';
import { type Evidence, evidenceSection, logsCommand } from './evidence-section.ts';
import { personLink, quietLink } from './links.ts';
import { isOwn, nodeTable } from './node-table.ts';
import { BODY_LIMIT } from './page-layout.ts';
import { redact } from './redact.ts';
import { clip, codeSpan, plainLine, quietMarkdown, quietMessage, quietTitle } from './safe-text.ts';
import { cleanLines } from './terminal-text.ts';
import type { FleetView } from './views.ts';

export interface PullRequestFacts {
  fleet: FleetView;
  /** What is told of the task where no more people can read it than the control repository; null: nothing. */
  evidence: (Evidence & { spent: Spent }) | null;
  /** The workflow's templates with their values filled in; null: the default. */
  title: string | null;
  body: string | null;
  commitMessage: string | null;
  /**
   * null: not made yet, or the pull request is more visible than the control repository; then nothing of the fleet
   * is told but its id.
   */
  trackingIssueUrl: string | null;
  moreVisible: boolean;
  webUrl: string;
}

export interface PullRequestText {
  /** At most 255 characters. */
  title: string;
  /** Without a marker. */
  body: string;
  commitMessage: string;
}

const TITLE_LIMIT = 255;

export function renderPullRequest(facts: PullRequestFacts): PullRequestText {
  const { plan } = facts.fleet;
  const given = facts.title === null ? '' : quietTitle(facts.title, TITLE_LIMIT);
  const title = given === '' ? quietTitle(`${plan.workflow.name} ${inputsText(plan.inputs)}`, TITLE_LIMIT) : given;
  return { title, body: bodyOf(facts), commitMessage: messageOf(facts, title) };
}

function bodyOf(facts: PullRequestFacts): string {
  const evidence = facts.moreVisible ? null : facts.evidence;
  const { plan } = facts.fleet;
  const table = evidence === null ? [] : [continued(evidence), nodeTable(evidence.nodes, plan, evidence.spent)];
  const foot = footer(facts);
  const written = facts.body ?? plan.workflow.description;
  const room = BODY_LIMIT - lengthOf([...table, foot]) - 1_000;
  const theirs = clip(quietMarkdown(redact(cleanLines(written))).trim(), room);
  // What the workflow says comes first: what can be read on the server too takes the room that is left.
  const shown = evidence === null ? '' : evidenceSection(evidence, room - theirs.length);
  const ours = [...table, shown, foot].filter((part) => part !== '').join('\n\n');
  if (theirs === '') return ours;
  const parts = MAY_STAY_OPEN.test(theirs) ? [ours, theirs] : [theirs, ours];
  return parts.join('\n\n---\n\n');
}

const lengthOf = (parts: readonly string[]): number => parts.reduce((sum, part) => sum + part.length + 2, 0);

/** A fence, or HTML: without its end it would swallow all that follows, and what a node wrote can hold just its beginning. */
const MAY_STAY_OPEN = /^[\s>*+\-\d.)]*(?:`{3}|~{3})|<[a-z!?/]/im;

function continued({ nodes }: Evidence): string {
  const failed = nodes.filter((node) => node.status === 'failed' && isOwn(node)).slice(0, 20);
  if (failed.length === 0) return '';
  const names = failed.map((node) => codeSpan(node.nodeId, 80)).join(', ');
  return `⚠️ ${names} failed, and the workflow goes on after that (\`continue_on_error\`). Look closely.`;
}

function footer({ fleet, evidence, trackingIssueUrl, moreVisible, webUrl }: PullRequestFacts): string {
  if (moreVisible) return `<sub>Opened by Flotilla, fleet \`${fleet.id}\`.</sub>`;
  const command = submitCommand(fleet.plan) ?? `/fleet ${fleet.plan.workflow.name} …`;
  const where =
    trackingIssueUrl === null
      ? `fleet \`${fleet.id}\``
      : `${quietLink(`fleet ${fleet.id}`, trackingIssueUrl)}, where all its pull requests are listed`;
  const asked = `${personLink(fleet.sender, webUrl)} asked for ${codeSpan(command, 1_100)} on ${utc(fleet.createdAt)}. This is one repository of ${where}.`;
  if (evidence === null) return asked;
  return `${asked}\n\n<sub>Everything that ran here, for who runs the server: ${codeSpan(logsCommand(evidence.taskId), 80)}</sub>`;
}

/** The body of the workflow's message, and who asked for it as a co-author. */
function messageOf(facts: PullRequestFacts, title: string): string {
  const { fleet, webUrl } = facts;
  const given = quietMessage(redact(cleanLines(facts.commitMessage ?? ''))).trim();
  const message = given === '' ? title : clip(given, 10_000);
  const trailers = [...new Set([fleet.runAs, fleet.sender].filter(isPerson).map((p) => coAuthor(p, webUrl)))];
  return [message, trailers.join('\n')].filter((part) => part !== '').join('\n\n');
}

const isPerson = (person: Person): boolean => !person.login.endsWith('[bot]');

/** By the address that GitHub gives to everyone who keeps theirs private, so that it links the account. */
function coAuthor({ id, login }: Person, webUrl: string): string {
  return `Co-authored-by: ${plainLine(login, 100)} <${id}+${login}@users.noreply.${new URL(webUrl).hostname}>`;
}
