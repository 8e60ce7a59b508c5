import { namedWaves, waveName } from '../rollout/wave-names.ts';
import { NOTHING_SPENT } from '../spent.ts';
import { duration } from './amounts.ts';
import { costText } from './costs.ts';
import { pullRequestLink, repositoryLink } from './links.ts';
import { outcomeCell } from './outcome-words.ts';
import type { Section } from './page-layout.ts';
import { queueCells } from './queue-cells.ts';
import { undoCell } from './undo-words.ts';
import type { TaskView, TrackingIssueFacts } from './views.ts';
import { waitingCells } from './waiting-cells.ts';

const OUTCOME_ROOM = 180;
/** Time, cost, the number of a pull request, and what stands between the cells. */
const OTHER_ROOM = 96;
const LARGEST_NUMBER = 9_999_999;

/** Repository, outcome, pull request, time, cost: one line a task, in the plan's order. */
export function taskTable(facts: TrackingIssueFacts): Section {
  if (facts.status === 'planned') return plannedTable(facts);
  const waits = new Map([...queueCells(facts), ...waitingCells(facts)]);
  const undos = new Map(facts.undos.map((undo) => [undo.taskId, undo]));
  const rows = facts.tasks.map((task) => {
    const link = repositoryLink(task.repository, facts.webUrl);
    const room = rowRoom(task.repository, link, facts.webUrl);
    return { room, line: taskLine(task, link, room, waits.get(task.id) ?? undoCell(undos.get(task.id)), facts) };
  });
  return {
    title: 'Repositories',
    head: '| Repository | Outcome | Pull request | Time | Cost |\n| --- | --- | --- | ---: | ---: |',
    lines: rows.map(({ line }) => line),
    longest: largest(rows.map(({ room }) => room)),
  };
}

function taskLine(
  task: TaskView,
  link: string,
  room: number,
  instead: string | undefined,
  { spent }: TrackingIssueFacts,
): string {
  const { pullRequest, startedAt, endedAt } = task;
  const rest = [
    pullRequest === null ? '' : pullRequestLink(pullRequest),
    startedAt === null || endedAt === null ? '' : duration(endedAt - startedAt),
    costText(spent.get(task.id) ?? NOTHING_SPENT),
  ];
  const line = (outcome: string): string => `| ${[link, outcome, ...rest].join(' | ')} |`;
  const whole = line(instead ?? outcomeCell(task));
  return whole.length <= room ? whole : line(outcomeCell(task, 'bare'));
}

/** By the name alone, so that it is the same in the plan and at the end. */
function rowRoom(repository: string, link: string, webUrl: string): number {
  const pull = { number: LARGEST_NUMBER, url: `${webUrl}/${repository}/pull/${LARGEST_NUMBER}` };
  return link.length + OUTCOME_ROOM + pullRequestLink(pull).length + OTHER_ROOM;
}

function plannedTable({ fleet, webUrl }: TrackingIssueFacts): Section {
  const inWaves = namedWaves(fleet.plan).length > 1;
  const rows = fleet.plan.targets.map(({ repository, visibility, wave }, index) => {
    const link = repositoryLink(repository, webUrl);
    const cells = [index + 1, link, visibility, ...(inWaves ? [waveName(fleet.plan, wave)] : [])];
    return { room: rowRoom(repository, link, webUrl), line: `| ${cells.join(' | ')} |` };
  });
  return {
    title: 'Repositories',
    head: inWaves
      ? '| | Repository | Visibility | Wave |\n| ---: | --- | --- | --- |'
      : '| | Repository | Visibility |\n| ---: | --- | --- |',
    lines: rows.map(({ line }) => line),
    longest: largest(rows.map(({ room }) => room)),
  };
}

const largest = (sizes: readonly number[]): number => sizes.reduce((max, size) => Math.max(max, size), 0);
