/** One word and one sign for every way in which a task stands, and the counts of a fleet in those words. */
import { FAILURES } from '../failures.ts';
import { waitsToPublish } from '../publish-forecast.ts';
import type { FleetStatus, TaskOutcome } from '../status.ts';
import { utcClock } from './amounts.ts';
import { safeProseCell } from './safe-text.ts';
import type { TaskView } from './views.ts';

export const FLEET_WORDS: Record<FleetStatus, { sign: string; word: string }> = {
  planned: { sign: '📋', word: 'Planned' },
  running: { sign: '🚀', word: 'Running' },
  waiting: { sign: '⏸️', word: 'Waiting' },
  completed: { sign: '✅', word: 'Completed' },
  partial: { sign: '⚠️', word: 'Partial' },
  failed: { sign: '❌', word: 'Failed' },
  cancelled: { sign: '🛑', word: 'Cancelled' },
};

const OUTCOME_WORDS: Record<TaskOutcome, string> = {
  changed: '✅ changed',
  unchanged: '✅ unchanged',
  not_applicable: '➖ not applicable',
  declined: '➖ declined',
  prepared: '📝 prepared',
};

/** For the table: Markdown that fits a cell. */
export function outcomeCell(task: TaskView, remarks: 'with_reason' | 'bare' = 'with_reason'): string {
  const warned = task.warnings.length > 0 ? ' ⚠️' : '';
  switch (task.status) {
    case 'queued':
      return '🕓 queued';
    case 'running':
      return task.startedAt === null ? '🔄 running' : `🔄 running since ${utcClock(task.startedAt)}`;
    case 'waiting':
      return '⏸️ waiting';
    case 'completed': {
      const word = task.outcome === null ? '✅ completed' : OUTCOME_WORDS[task.outcome];
      return `${word}${task.reason === null || remarks === 'bare' ? '' : `: ${safeProseCell(task.reason, 120)}`}${warned}`;
    }
    case 'failed':
    case 'timed_out':
      return `❌ ${failureTitle(task)}${warned}`;
    case 'cancelled':
      return '🛑 cancelled';
  }
}

export function failureTitle(task: TaskView): string {
  return FAILURES[task.category ?? (task.status === 'timed_out' ? 'timeout' : 'internal')].title.toLowerCase();
}

export const isFailed = (task: TaskView): boolean => task.status === 'failed' || task.status === 'timed_out';

/** `6 pull requests · 1 unchanged · 1 failed`, leaving out what is zero. */
export function summary(tasks: readonly TaskView[]): string {
  const of = (test: (task: TaskView) => boolean): number => tasks.filter(test).length;
  const withOutcome = (outcome: TaskOutcome): number => of((t) => t.status === 'completed' && t.outcome === outcome);
  const changed = withOutcome('changed');
  const parts: [number, string][] = [
    [changed, changed === 1 ? ' pull request' : ' pull requests'],
    [withOutcome('prepared'), ' prepared'],
    [withOutcome('unchanged'), ' unchanged'],
    [withOutcome('not_applicable'), ' not applicable'],
    [withOutcome('declined'), ' declined'],
    [of(isFailed), ' failed'],
    [of((t) => t.status === 'cancelled'), ' cancelled'],
    [of((t) => t.status === 'running'), ' running'],
    [of((t) => t.status === 'waiting'), ' waiting'],
    [of(waitsToPublish), ' waiting for GitHub'],
    [of((t) => t.status === 'queued' && !waitsToPublish(t)), ' queued'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count}${word}`)
    .join(' · ');
}
