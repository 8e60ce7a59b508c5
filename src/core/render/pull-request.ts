/** Title, body and commit message of a task's pull request. */
import type { Person } from '../plan.ts';
import { duration, utc } from './amounts.ts';
import { inputsText, submitCommand } from './command-text.ts';
import { personLink, quietLink } from './links.ts';
import { BODY_LIMIT } from './page-layout.ts';
import { redact } from './redact.ts';
import { clip, codeCell, codeSpan, plainLine, quietMarkdown, quietMessage, quietTitle } from './safe-text.ts';
import { cleanLines } from './terminal-text.ts';
import type { FleetView, NodeView } from './views.ts';

export interface PullRequestFacts {
  fleet: FleetView;
  /** Of this attempt, in the workflow's order. */
  nodes: readonly NodeView[];
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
  const own = facts.moreVisible ? [footer(facts)] : [continued(facts), nodeTable(facts), footer(facts)];
  const ours = own.filter((part) => part !== '').join('\n\n');
  const written = facts.body ?? facts.fleet.plan.workflow.description;
  const theirs = clip(quietMarkdown(redact(cleanLines(written))).trim(), BODY_LIMIT - ours.length - 1_000);
  if (theirs === '') return ours;
  const parts = MAY_STAY_OPEN.test(theirs) ? [ours, theirs] : [theirs, ours];
  return parts.join('\n\n---\n\n');
}

/** A fence, or HTML: without its end it would swallow all that follows, and what a node wrote can hold just its beginning. */
const MAY_STAY_OPEN = /^[\s>*+\-\d.)]*(?:`{3}|~{3})|<[a-z!?/]/im;

function continued({ nodes }: PullRequestFacts): string {
  const failed = nodes.filter((node) => node.status === 'failed').slice(0, 20);
  if (failed.length === 0) return '';
  const names = failed.map((node) => codeSpan(node.nodeId, 80)).join(', ');
  return `⚠️ ${names} failed, and the workflow goes on after that (\`continue_on_error\`). Look closely.`;
}

function nodeTable({ nodes }: PullRequestFacts): string {
  if (nodes.length === 0) return '';
  const rows = nodes.slice(0, 50).map((node) => {
    const time = node.startedAt === null || node.endedAt === null ? '' : duration(node.endedAt - node.startedAt);
    return `| ${codeCell(node.nodeId, 80)} | ${result(node)} | ${time} |`;
  });
  return ['| Node | Result | Time |', '| --- | --- | ---: |', ...rows].join('\n');
}

function result(node: NodeView): string {
  switch (node.status) {
    case 'completed':
      return '✅ completed';
    case 'failed':
      return node.exitCode === null ? '⚠️ failed' : `⚠️ failed with status ${node.exitCode}`;
    case 'skipped':
      return '➖ skipped';
    case 'pending':
    case 'running':
    case 'waiting':
      return node.status;
  }
}

function footer({ fleet, trackingIssueUrl, moreVisible, webUrl }: PullRequestFacts): string {
  if (moreVisible) return `<sub>Opened by Flotilla, fleet \`${fleet.id}\`.</sub>`;
  const command = submitCommand(fleet.plan) ?? `/fleet ${fleet.plan.workflow.name} …`;
  const where =
    trackingIssueUrl === null
      ? `fleet \`${fleet.id}\``
      : `${quietLink(`fleet ${fleet.id}`, trackingIssueUrl)}, where all its pull requests are listed`;
  return `${personLink(fleet.sender, webUrl)} asked for ${codeSpan(command, 1_100)} on ${utc(fleet.createdAt)}. This is one repository of ${where}.`;
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
