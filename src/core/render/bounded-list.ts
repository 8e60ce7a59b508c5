import { thousands } from './amounts.ts';

/** `a, b, c`, or `a, b and 38 more`. */
export function boundedList(shown: readonly string[], all: number): string {
  const more = all - shown.length;
  return more <= 0 ? shown.join(', ') : `${shown.join(', ')} and ${thousands(more)} more`;
}
