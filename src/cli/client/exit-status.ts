import type { Fleet } from './answers.ts';
import { EXIT } from './client-error.ts';

/** Of the rollup. One that this client does not know counts as waiting, as nobody can say that it went well. */
export function exitStatusOf({ status }: Pick<Fleet, 'status'>): number {
  switch (status) {
    case 'completed':
      return EXIT.completed;
    case 'failed':
      return EXIT.failed;
    case 'partial':
      return EXIT.partial;
    case 'cancelled':
      return EXIT.cancelled;
    default:
      return EXIT.waits;
  }
}

export const hasEnded = ({ status }: Pick<Fleet, 'status'>): boolean =>
  ['completed', 'failed', 'partial', 'cancelled'].includes(status);

/** Nothing of it goes on before a person decides; what waits for a turn or for room on a disk goes on by itself. */
export function waitsForPerson({ status, held, paused, counts }: Fleet): boolean {
  if (status === 'planned') return true;
  return status === 'waiting' && (held !== null || paused || counts.queued === 0);
}
