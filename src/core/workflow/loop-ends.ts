import { outputField } from './node-output.ts';
import type { LoopNode } from './types.ts';

/** Whether an iteration's output ends the loop by itself. */
export function loopEnds(
  { until, untilField }: { until: string | null; untilField?: LoopNode['untilField'] },
  output: string,
): boolean {
  if (until !== null && saysUntil(until, output)) return true;
  return untilField !== null && untilField !== undefined && outputField({ output }, [untilField]) === 'true';
}

/** The last line alone counts: an agent that thinks aloud about the word does not end the loop. */
function saysUntil(until: string, output: string): boolean {
  const last = output.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return last === until.trim() || last.endsWith(`<promise>${until.trim()}</promise>`);
}
