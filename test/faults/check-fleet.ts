/** Whether a fleet that ended left on GitHub what its rows say, each of it once. */
import { z } from 'zod';
import type { RecordedEvent } from '../../src/core/events.ts';
import type { FailureCategory } from '../../src/core/failures.ts';
import { readMarker } from '../../src/core/render/marker.ts';
import type { TaskOutcome, TaskStatus } from '../../src/core/status.ts';
import { ABANDONMENTS } from '../../src/store/contract/tasks.ts';
import type { CommentSeen, IssueSeen, PullSeen } from '../github/github-door.ts';
import type { DeliverySeen, EffectSeen } from '../github/store-look.ts';
import { checkEvents } from './check-events.ts';
import { CRASHED, checkResumption } from './check-resumption.ts';
import type { Scenario } from './scenarios.ts';

export interface RepositorySeen {
  name: string;
  /** What the scenario lets its task come to. */
  expected: Scenario['outcomes'][string];
  /** A fleet before this one made it. */
  earlierPull: boolean;
  /** Of the fleet's branch, in any state. */
  pulls: readonly PullSeen[];
  /** Branches of fleets that have no pull request, this fleet's or another's. */
  orphans: readonly string[];
  /** The file that the workflow writes, on the fleet's branch; null: it is not there. */
  written: string | null;
  /** Commits of the fleet's branch that are recorded as pushed. */
  pushed: readonly string[];
}

interface TaskSeen {
  id: string;
  repository: string;
  status: TaskStatus;
  outcome: TaskOutcome | null;
  attempt: number;
  category: FailureCategory | null;
  reason: string | null;
  pullRequest: { number: number } | null;
  warnings: readonly string[];
}

export interface FleetFacts {
  id: string;
  /** Wanted in the file that the workflow writes. */
  version: number;
  eventSeq: number;
  reportedSeq: number;
  ended: boolean;
  issueNumber: number | null;
  events: readonly RecordedEvent[];
  tasks: readonly TaskSeen[];
  effects: readonly EffectSeen[];
  deliveries: readonly DeliverySeen[];
  repositories: readonly RepositorySeen[];
  /** Of the control repository, by our bot. */
  issues: readonly IssueSeen[];
  /** Where the command was given and on the tracking issue, by our bot. */
  comments: readonly CommentSeen[];
  /** On the command. */
  reactions: readonly string[];
  /** GitHub's lists were late: looks could not find what was there. */
  lateLists: boolean;
  /** Details that every pull request of it has. */
  details: Scenario['details'];
}

/** Of the settings: what was there so long before it was made again was looked for twice. GitHub tells whole seconds. */
const LOOKS_MS = 2_000;
/** Of a task whose pull request was refused, also where its process ended on the way. */
const TAKEN_BACK = /^The pull request could not be made: .* The branch was taken back\.$/;
const EXTRA = /^<!-- .* -->\n_Made twice by mistake/;

/** Every fault as a sentence with what was expected and what was found. */
export function checkFleet(facts: FleetFacts): string[] {
  return [
    ...checkEvents(facts.events, facts),
    ...checkResumption(facts.events),
    ...(facts.ended ? [] : ['the fleet did not end']),
    ...(facts.reportedSeq >= facts.eventSeq ? [] : [`of ${facts.eventSeq} events ${facts.reportedSeq} are told`]),
    ...checkEffects(facts),
    ...checkTexts(facts),
    ...facts.repositories.flatMap((repository) => checkRepository(facts, repository)),
  ];
}

/** Its process ended so often while it ran that it might be what ends it: this one is told as failed, as it should be. */
export function isGivenUp({ id, status, category }: TaskSeen, events: FleetFacts['events']): boolean {
  const crashes = events.filter(
    ({ event }) => event.type === 'task_requeued' && event.taskId === id && event.reason === CRASHED,
  );
  return status === 'failed' && category === 'too_large' && crashes.length >= ABANDONMENTS - 1;
}

/** Duplicates that the app found and closed or deleted itself, of all that it made. */
export const countExtras = ({ issues, effects }: FleetFacts): number =>
  issues.filter(({ body }) => EXTRA.test(body ?? '')).length +
  effects.filter(({ kind }) => kind === 'comment_deletion').length;

/** None is open, none refused that GitHub was to take, and what has to be there once is. */
function checkEffects({ id, effects, deliveries, events, reactions, repositories }: FleetFacts): string[] {
  const refused = repositories.some(({ expected }) => expected === 'refused');
  const faults = effects.flatMap(({ key, kind, state, error }) =>
    state === (refused && kind === 'pull_request' ? 'refused' : 'done')
      ? []
      : [`effect ${key} is ${state}: ${error ?? 'no error'}`],
  );
  const once = (what: string, found: number, wanted = 1) => {
    if (found !== wanted) faults.push(`${what}: ${wanted} expected, ${found} found`);
  };
  const ends = events.filter(({ event }) => event.type === 'fleet_ended').length;
  once('tracking issues', effects.filter(({ key }) => key.startsWith(`issue:${id}`)).length);
  once('final comments', effects.filter(({ key }) => key.startsWith(`final:${id}`)).length, ends);
  for (const delivery of deliveries) {
    once(`replies to delivery ${delivery.id}`, effects.filter(({ key }) => key === `reply:${delivery.id}`).length);
  }
  for (const content of ['eyes', 'rocket']) {
    once(`reactions ${content} on the command`, reactions.filter((reaction) => reaction === content).length);
  }
  return faults;
}

const deletion = z.object({ commentId: z.number(), createdAt: z.number() });

/** Of a duplicate, as the effect that deleted it keeps it. */
function deletedComment({ key, request }: EffectSeen) {
  const { commentId, createdAt } = deletion.parse(JSON.parse(request));
  const marker = key.split(':')[1];
  return { what: `comment ${commentId}`, kind: 'comment', state: 'closed', created_at: createdAt, marker, extra: true };
}

/** Every creation is on GitHub once, and what our bot wrote there was made by an effect of this fleet. */
function checkTexts({ issueNumber, effects, issues, comments, lateLists }: FleetFacts): string[] {
  const faults: string[] = [];
  const seen = [
    ...issues.map(({ number, body, state, created_at }) => ({
      what: `issue #${number}`,
      kind: 'issue',
      state,
      created_at,
      marker: readMarker(body ?? ''),
      extra: EXTRA.test(body ?? ''),
    })),
    ...comments.map(({ id, body, created_at }) => ({
      what: `comment ${id}`,
      kind: 'comment',
      state: 'open',
      created_at,
      marker: readMarker(body ?? ''),
      extra: false,
    })),
    ...effects.filter(({ kind }) => kind === 'comment_deletion').map(deletedComment),
  ];
  for (const { id, key, kind, state } of effects) {
    if ((kind !== 'issue' && kind !== 'comment') || state !== 'done') continue;
    const made = seen.filter(({ marker, extra }) => marker === id && !extra);
    if (made.length !== 1 || made[0]?.kind !== kind) {
      faults.push(`${kind} of ${key}: one expected, found ${made.map(({ what }) => what).join(', ') || 'none'}`);
    }
  }
  for (const { what, marker, extra, state, created_at } of seen) {
    const other = seen.find((text) => extra && !text.extra && text.marker === marker);
    const apart = Math.abs((other?.created_at ?? created_at) - created_at);
    if (apart >= LOOKS_MS && !lateLists)
      faults.push(`${what} and ${other?.what} were made ${apart / 1000} s apart, and looks between found nothing`);
    if (!effects.some(({ id }) => id === marker))
      faults.push(`${what} was made by no effect (${marker ?? 'no marker'})`);
    if (extra && state !== 'closed') faults.push(`${what} was made twice and is ${state}`);
  }
  if (!issues.some(({ number }) => number === issueNumber))
    faults.push(`the tracking issue #${issueNumber} is not there`);
  return faults;
}

function checkRepository({ tasks, version, details, events }: FleetFacts, repository: RepositorySeen): string[] {
  const { name, expected, pulls, orphans, earlierPull } = repository;
  const faults = orphans.map((branch) => `${name}: the branch ${branch} has no pull request`);
  const fault = (text: string) => faults.push(`${name}: ${text}`);
  const task = tasks.find(({ repository: full }) => full === `acme/${name}`);
  const came = task?.outcome ?? task?.status ?? 'no task';
  if (came !== endFor(expected) && !(task !== undefined && isGivenUp(task, events)))
    fault(`${expected} expected, the task is ${came} (${task?.reason ?? 'no reason'})`);
  if (task !== undefined && task.warnings.length > 0) fault(`warnings: ${task.warnings.join('; ')}`);
  if (expected === 'refused' && came === 'failed' && !TAKEN_BACK.test(task?.reason ?? ''))
    fault(`its branch was to be taken back, the task says: ${task?.reason ?? 'no reason'}`);
  if (task?.outcome !== 'changed') {
    const wanted = earlierPull ? 1 : 0;
    if (pulls.length !== wanted) fault(`${wanted} pull requests expected, ${pulls.length} found`);
    return faults;
  }
  const [pull, ...others] = pulls;
  if (pull === undefined || others.length > 0) fault(`one pull request expected, ${pulls.length} found`);
  if (pull === undefined) return faults;
  const state = expected === 'undone' ? 'closed' : 'open';
  if (pull.state !== state) fault(`pull request #${pull.number} is ${pull.state}, ${state} expected`);
  if (task.pullRequest?.number !== pull.number) fault(`the task names pull request #${task.pullRequest?.number}`);
  if (!repository.pushed.includes(pull.head.sha)) fault(`${pull.head.sha} is not recorded as pushed`);
  if (expected === 'undone' && repository.written !== null) fault('the branch of what was undone is still there');
  if (expected !== 'undone' && repository.written !== `${version}\n`)
    fault(`${version} expected in VERSION, found ${JSON.stringify(repository.written)}`);
  for (const [what, wanted, found] of [
    ['labels', details.labels, pull.labels.map(({ name: label }) => label)],
    ['assignees', details.assignees, pull.assignees.map(({ login }) => login)],
    ['reviewers', details.reviewers, pull.requested_reviewers.map(({ login }) => login)],
  ] as const) {
    if (found.join() !== wanted.join())
      fault(`${what} ${wanted.join() || 'none'} expected, ${found.join() || 'none'} found`);
  }
  return faults;
}

function endFor(expected: RepositorySeen['expected']): TaskOutcome | TaskStatus {
  switch (expected) {
    case 'undone':
      return 'changed';
    case 'refused':
      return 'failed';
    case 'changed':
    case 'cancelled':
      return expected;
  }
}
