import type { TaskStatus } from '../status.ts';
import type { TaskView } from './views.ts';

const CELLS = 20;

const SQUARES: readonly (readonly [string, readonly TaskStatus[]])[] = [
  ['🟩', ['completed']],
  ['🟥', ['failed', 'timed_out']],
  ['⬛', ['cancelled']],
  ['🟦', ['running']],
  ['🟨', ['waiting']],
  ['⬜', ['queued']],
];

/** One square per repository up to 20; above, shares of 20 squares in which nothing that exists is invisible. */
export function progressBar(tasks: readonly TaskView[]): string {
  const counts = SQUARES.map(([, statuses]) => tasks.filter((task) => statuses.includes(task.status)).length);
  return SQUARES.map(([square], index) => square.repeat(cells(counts, tasks.length)[index] ?? 0)).join('');
}

function cells(counts: readonly number[], total: number): number[] {
  if (total <= CELLS) return [...counts];
  const shares = counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.floor((count / total) * CELLS))));
  const largest = counts.indexOf(Math.max(...counts));
  const sum = shares.reduce((all, share) => all + share, 0);
  return shares.map((share, index) => (index === largest ? share + CELLS - sum : share));
}
