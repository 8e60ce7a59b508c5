/** The first look: what, who, when, from where, and how it stands. */
import { gateExpiresAt } from '../rollout/gate-expiry.ts';
import { isPaused } from '../rollout/opening.ts';
import { addSpent } from '../spent.ts';
import type { FleetStatus } from '../status.ts';
import { isTerminal } from '../status.ts';
import { aboutUtc, duration, repositories, thousands, utc } from './amounts.ts';
import { inputsText, submitCommand } from './command-text.ts';
import { costSentence } from './costs.ts';
import { commentUrl, link, personLink } from './links.ts';
import { FLEET_WORDS, summary } from './outcome-words.ts';
import { progressBar } from './progress-bar.ts';
import { rolloutSection } from './rollout-section.ts';
import { clip, codeSpan, plainLine, safeText } from './safe-text.ts';
import type { TrackingIssueFacts } from './views.ts';

const TITLE_LIMIT = 255;

/** `[fleet] bump-shared-lib version=2.0 (8 repositories)`, at most 255 characters. */
export function issueTitle(facts: TrackingIssueFacts): string {
  const { plan } = facts.fleet;
  const size = ` (${repositories(plan.targets.length)})`;
  const what = plainLine(`[fleet] ${plan.workflow.name} ${inputsText(plan.inputs)}`, 10_000);
  return `${clip(what, TITLE_LIMIT - size.length)}${size}`;
}

export function issueHead(facts: TrackingIssueFacts): string {
  return [statusLine(facts), progress(facts), rolloutSection(facts), request(facts), workflow(facts), ...notes(facts)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function statusLine({ status, fleet, tasks }: TrackingIssueFacts): string {
  const { sign, word } = FLEET_WORDS[status];
  return `## ${sign} ${word} · ${headline(status, fleet.expiresAt, tasks)}`;
}

function headline(status: FleetStatus, expiresAt: number | null, tasks: TrackingIssueFacts['tasks']): string {
  if (status === 'planned') {
    return expiresAt === null ? 'waits for approval' : `waits for approval until ${utc(expiresAt)}`;
  }
  const done = tasks.filter((task) => isTerminal(task.status)).length;
  const completed = tasks.filter((task) => task.status === 'completed').length;
  const all = thousands(tasks.length);
  return done === tasks.length ? `${thousands(completed)} of ${all} completed` : `${thousands(done)} of ${all} done`;
}

function progress(facts: TrackingIssueFacts): string {
  const { status, tasks, spent, fleet, undos } = facts;
  if (status === 'planned') return '';
  const cost = costSentence(addSpent(spent.values()));
  const undone = undos.filter(({ state }) => state === 'undone').length;
  const parts = [
    summary(tasks),
    undone === 0 ? '' : `${thousands(undone)} undone`,
    fleet.endedAt === null ? '' : `took ${duration(fleet.endedAt - (fleet.approvedAt ?? fleet.createdAt))}`,
    cost === '' ? '' : `cost ${cost}`,
    pacing(facts) || doneText(facts),
  ];
  return `${progressBar(tasks)}\n${parts.filter((part) => part !== '').join(' · ')}`;
}

function pacing({ publishing, now }: TrackingIssueFacts): string {
  if (publishing === null) return '';
  const done = Number.isFinite(publishing.doneAt) ? `, done at about ${aboutUtc(publishing.doneAt, now)}` : '';
  return `paced by GitHub's limits${done}`;
}

/** Only of what has its turn: nobody can tell when a person lets a wave go on, or when the disk has room. */
function doneText({ turns, now }: TrackingIssueFacts): string {
  const doneAt = turns?.doneAt ?? null;
  return doneAt === null ? '' : `the queue is done at about ${aboutUtc(doneAt, now)}`;
}

function request({ fleet, webUrl }: TrackingIssueFacts): string {
  const elsewhere = fleet.door === 'api' ? 'through the HTTP API' : 'by a `repository_dispatch`';
  const from =
    fleet.origin === null
      ? elsewhere
      : `in ${link('this comment', commentUrl(fleet.controlRepository, fleet.origin, webUrl))}`;
  const command = submitCommand(fleet.plan);
  const what = codeSpan(command ?? `/fleet ${fleet.plan.workflow.name} …`, 1_100);
  const as = fleet.runAs.id === fleet.sender.id ? '' : `, with the permissions of ${personLink(fleet.runAs, webUrl)}`;
  return `${personLink(fleet.sender, webUrl)} asked for ${what} ${from} on ${utc(fleet.createdAt)}${as}.`;
}

function workflow({ fleet }: TrackingIssueFacts): string {
  const { plan } = fleet;
  const facts = [
    plan.workflow.description === '' ? '' : `${safeText(plan.workflow.description, 300)}  \n`,
    `Workflow ${codeSpan(plan.source.origin, 300)} at \`${plan.source.digest.slice(0, 10)}\``,
    ` · branch ${codeSpan(fleet.branch, 255)}`,
    ` · fleet \`${fleet.id}\``,
    fleet.approvedBy === null ? '' : ` · approved by ${safeText(fleet.approvedBy.login, 100)}`,
  ];
  return facts.join('');
}

function notes({ fleet, status, tasks, supersededBy, diskFullSince, webUrl }: TrackingIssueFacts): string[] {
  const lines: string[] = [];
  if (supersededBy !== null) {
    const next =
      supersededBy.url === null ? codeSpan(supersededBy.fleet, 40) : link(supersededBy.fleet, supersededBy.url);
    lines.push(`**Superseded by ${next}**, which runs the same workflow with the same inputs.`);
  }
  if (status === 'cancelled' && fleet.approvedAt === null && (fleet.expiresAt ?? Infinity) <= (fleet.endedAt ?? 0)) {
    lines.push('Nobody approved the plan in time, so it expired and nothing was changed.');
  }
  if (fleet.plan.flags.preview) {
    lines.push('**Preview:** everything runs, and nothing is pushed before `/fleet publish`.');
  }
  if (isPaused(fleet)) {
    const by = fleet.pausedBy === null ? '' : ` by ${personLink({ login: fleet.pausedBy }, webUrl)}`;
    lines.push(
      `**Paused**${by} on ${utc(fleet.pausedAt)}: nodes that run are finished, nothing new starts and nothing is pushed. \`/fleet resume\` goes on; without it the rest is cancelled on ${utc(gateExpiresAt(fleet.pausedAt))}.`,
    );
  }
  if (diskFullSince !== null && fleet.approvedAt !== null && tasks.some((task) => task.status === 'queued')) {
    lines.push(
      `**Waits for disk space** since ${utc(diskFullSince)}: what has begun goes on, and the rest begins when the server has room. Its operator's log says what to do.`,
    );
  }
  if (fleet.cancelRequestedAt !== null && fleet.endedAt === null) {
    lines.push('**Cancelling.** Nothing new starts; a task that has begun to push finishes its pull request.');
  }
  return lines;
}
