import { fileBeside } from './read/locate.ts';
import type { WorkflowSource } from './types.ts';

/** Every text of a source by the name that faults show, for the lines around a fault. */
export function sourceTexts(
  source: Pick<WorkflowSource, 'origin' | 'text' | 'files' | 'includes'>,
): ReadonlyMap<string, string> {
  return new Map([
    [source.origin, source.text],
    ...Object.entries(source.files).map(([path, text]): [string, string] => [fileBeside(source.origin, path), text]),
    ...Object.values(source.includes).flatMap((included) => [...sourceTexts(included)]),
  ]);
}
