import { decisionCommand } from '../core/render/decision-command.ts';
import { TASK_SIGNS } from '../core/render/task-signs.ts';
import type { WatchedFleet, WatchedGate, WatchedQuestion, WatchedTask } from '../ports/fleet-watch.ts';

/** The fleet as lines for a terminal; the same text for the same state. */
export function progressLines(fleet: WatchedFleet): string[] {
  const width = Math.max(...[...fleet.tasks, ...fleet.leftOut].map(({ repository }) => repository.length), 10);
  const ended = fleet.tasks.filter(hasEnded).length;
  return [
    `${fleet.id}  ${fleet.workflow}  ${fleet.status}  ${ended}/${fleet.tasks.length}${waveOf(fleet)}`,
    ...fleet.tasks.map((task) => `  ${TASK_SIGNS[task.status]} ${task.repository.padEnd(width)}  ${stateOf(task)}`),
    ...fleet.leftOut.map(({ repository, reason }) => `  - ${repository.padEnd(width)}  left out: ${reason}`),
    ...(waitsForApproval(fleet) ? [`  ${howToApprove(fleet)}`] : []),
    ...(fleet.paused ? [`  It is paused: comment \`/fleet resume ${fleet.id}\`${onIssue(fleet)}`] : []),
    ...(fleet.held === null ? [] : [`  ${howToGoOn(fleet, fleet.held)}`]),
    ...howToDecide(fleet).map((line) => `  ${line}`),
  ];
}

/** It is planned, and the plan can be read. */
export function waitsForApproval({ status, trackingIssueUrl }: WatchedFleet): boolean {
  return status === 'planned' && trackingIssueUrl !== null;
}

/** Nothing of it goes on before a person decides, and what is asked can be read. */
export function waitsForDecision({ status, trackingIssueUrl, tasks }: WatchedFleet): boolean {
  if (status !== 'waiting' || trackingIssueUrl === null) return false;
  const unended = tasks.filter((task) => !hasEnded(task));
  return unended.every((task) => task.status === 'waiting' && task.question !== null);
}

/** It waits as a whole, nothing of it goes on before a person decides, and why can be read. */
export function waitsAtGate({ status, held, trackingIssueUrl, tasks }: WatchedFleet): boolean {
  if (held === null || status !== 'waiting' || trackingIssueUrl === null) return false;
  const waits = tasks.filter((task) => task.status === 'waiting');
  return waits.every(({ question }) => question !== null);
}

/** Nothing of it runs before somebody resumes it, and that it is paused can be read. */
export function waitsForResume({ status, paused, trackingIssueUrl }: WatchedFleet): boolean {
  return paused && status === 'waiting' && trackingIssueUrl !== null;
}

/** Only a person can let it go on, and what is asked can be read. */
export const waitsForPerson = (fleet: WatchedFleet): boolean =>
  waitsForApproval(fleet) || waitsForResume(fleet) || waitsAtGate(fleet) || waitsForDecision(fleet);

const hasEnded = ({ status }: WatchedTask): boolean => !['queued', 'running', 'waiting'].includes(status);

/** A line for each question, however many repositories wait for its answer. */
function howToDecide({ trackingIssueUrl, held, tasks }: WatchedFleet): string[] {
  if (trackingIssueUrl === null) return [];
  const asked = new Map<string, WatchedQuestion>();
  for (const { question } of tasks) if (question !== null) asked.set(JSON.stringify(question), question);
  // Without a node the commands would mean what holds the fleet.
  const withNode = held !== null || new Set([...asked.values()].map(({ node }) => node)).size > 1;
  return [...asked.values()].map(({ node, decisions }) => {
    const commands = decisions.map((id) => `\`${decisionCommand(id, { node: withNode ? node : null })}\``);
    return `${node} waits for a decision: comment ${commands.join(' or ')} on ${trackingIssueUrl}`;
  });
}

function howToApprove({ id, trackingIssueUrl }: WatchedFleet): string {
  return `It waits for an approval: comment \`/fleet approve ${id}\` on ${trackingIssueUrl}`;
}

/** Before the first wave there is none to speak of, nor after the last one. */
function waveOf({ status, wave }: WatchedFleet): string {
  return wave !== null && (status === 'running' || status === 'waiting') ? `  ${wave}` : '';
}

const onIssue = ({ trackingIssueUrl }: WatchedFleet): string =>
  trackingIssueUrl === null ? '' : ` on ${trackingIssueUrl}`;

function howToGoOn(fleet: WatchedFleet, { gate, opens }: WatchedGate): string {
  const wave = fleet.wave === 'canary' ? 'the canary' : (fleet.wave ?? 'the first wave');
  const why = gate === 'halted' ? 'It is halted, as too many failed' : `It waits after ${wave}`;
  return `${why}: comment \`/fleet approve\` (${opens}) or \`/fleet reject\` (cancels the rest)${onIssue(fleet)}`;
}

function stateOf({ status, outcome, category, wave, node, question, pullRequestUrl }: WatchedTask): string {
  switch (status) {
    case 'running':
      return node === null ? 'running' : `running ${node}`;
    case 'completed':
      return [outcome ?? status, pullRequestUrl].filter((part) => part !== null).join('  ');
    case 'failed':
    case 'timed_out':
      return `${status} (${category ?? 'unknown'})`;
    case 'waiting':
      return question === null ? status : `waiting for a decision: ${question.node}`;
    case 'queued':
      return wave === null ? status : `${status} for ${wave}`;
    case 'cancelled':
      return status;
  }
}
