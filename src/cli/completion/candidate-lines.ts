import { join } from 'node:path';
import type { Command } from 'commander';
import { createBundledWorkflows } from '../../platform/bundled-workflows.ts';
import { candidatesFor } from './candidates.ts';

/** One candidate a line, a tab and its description behind it; the last line is `:files`, `:folders` or `:`. */
export async function candidateLines(program: Command, words: readonly string[]): Promise<string> {
  const bundled = createBundledWorkflows(join(import.meta.dirname, '..', '..', '..', 'workflows'));
  const { candidates, paths } = candidatesFor(program, words, await bundled.names());
  const lines = candidates.map(({ value, description }) => (description === '' ? value : `${value}\t${description}`));
  return `${[...lines, `:${paths ?? ''}`].join('\n')}\n`;
}
