import { styleText } from 'node:util';
import { TASK_SIGNS } from '../../core/render/task-signs.ts';
import { cleanLines } from '../../core/render/terminal-text.ts';
import type { Fleet, FleetTask } from './answers.ts';
import { hasEnded } from './exit-status.ts';

/** Colours, or none where the terminal or NO_COLOR says so. */
export interface Ink {
  colours: boolean;
}

/** The fleet as lines for a terminal, `tasks` of it; the same text for the same state. */
export function fleetLines(fleet: Fleet, ink: Ink, tasks: readonly FleetTask[] = fleet.tasks): string[] {
  const widest = [...fleet.tasks, ...fleet.left_out].reduce(
    (most, { repository }) => Math.max(most, repository.length),
    10,
  );
  return [
    headLine(fleet, ink),
    ...tasks.flatMap((task) => taskLines(task, widest, ink)),
    ...fleet.left_out.map((left) => `  - ${clean(left.repository).padEnd(widest)}  left out: ${clean(left.reason)}`),
    ...whatToDo(fleet).map((line) => `  ${line}`),
  ];
}

/** Text of others, which may hold what a terminal would obey. */
const clean = (text: string): string => cleanLines(text).replace(/\s+/g, ' ').trim();

export function headLine(fleet: Fleet, ink: Ink): string {
  const { id, workflow, status, counts } = fleet;
  const ended = counts.total - counts.queued - counts.running - counts.waiting;
  return `${clean(id)}  ${clean(workflow)}  ${inked(clean(status), status, ink)}  ${ended}/${counts.total}`;
}

/** What only a person can do now; nothing where it goes on by itself. */
function whatToDo(fleet: Fleet): string[] {
  const { status, held, paused, tasks, tracking_issue_url: issue } = fleet;
  if (hasEnded(fleet)) return [];
  const id = clean(fleet.id);
  const where = issue === null ? '' : `, or what ${clean(issue)} says`;
  if (status === 'planned') return [`It is planned: \`fleet approve ${id}\` runs it, \`fleet reject ${id}\` drops it.`];
  const lines: string[] = [];
  if (paused) lines.push(`It is paused: \`fleet resume ${id}\` lets it go on.`);
  if (held !== null)
    lines.push(`It is held: \`fleet approve ${id}\` ${clean(held.opens)}, \`fleet reject ${id}\` cancels the rest.`);
  if (held === null && tasks.some((task) => task.status === 'waiting')) {
    lines.push(`It waits for a decision: \`fleet approve ${id}\` or \`fleet reject ${id}\`${where}.`);
  }
  if (fleet.waits_for_disk) lines.push("Nothing begins before the server's disk has room.");
  return lines;
}

/** A newer server may have statuses that are not known here. */
const SIGNS: Readonly<Record<string, string>> = TASK_SIGNS;

function taskLines(task: FleetTask, width: number, ink: Ink): string[] {
  const sign = inked(SIGNS[task.status] ?? '?', task.status, ink);
  const line = `  ${sign} ${clean(task.repository).padEnd(width)}  ${clean(stateOf(task))}`;
  return [line, ...task.warnings.map((warning) => `      ! ${clean(warning)}`)];
}

const UNDO_WORDS: Readonly<Record<string, string>> = {
  requested: 'undo under way',
  undone: 'closed by undo',
  kept: 'not undone',
};

function stateOf(task: FleetTask): string {
  const { status, outcome, failure, reason, undo, pull_request: pull, queue_position: position } = task;
  switch (status) {
    case 'completed':
      return [outcome ?? status, UNDO_WORDS[undo ?? ''], pull?.url].filter((part) => part !== undefined).join('  ');
    case 'failed':
    case 'timed_out':
      return [status, failure?.title, reason].filter((part) => typeof part === 'string').join(': ');
    case 'waiting':
      return 'waiting for a decision';
    case 'queued':
      return position === null ? status : `${status} (${position})`;
    default:
      return status;
  }
}

const COLOURS: Readonly<Record<string, 'green' | 'red' | 'yellow' | 'cyan' | 'gray'>> = {
  completed: 'green',
  failed: 'red',
  timed_out: 'red',
  partial: 'yellow',
  waiting: 'yellow',
  planned: 'yellow',
  running: 'cyan',
  cancelled: 'gray',
  queued: 'gray',
};

function inked(text: string, status: string, { colours }: Ink): string {
  const colour = COLOURS[status];
  return colours && colour !== undefined ? styleText(colour, text, { validateStream: false }) : text;
}
