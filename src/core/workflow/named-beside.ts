import { commandFile } from './named-files.ts';
import { isPathBeside } from './path-beside.ts';
import { hasTooManyNodes } from './read/check-nodes.ts';
import { readYaml } from './read/read-yaml.ts';
import { isRecord } from './read/record.ts';

/** What a workflow's text names outside of itself, each once, in written order. */
export interface NamedBeside {
  /** Paths below the workflow's folder. */
  files: readonly string[];
  /** Names of workflows. */
  includes: readonly string[];
}

/** Of a text with faults, what can be seen; never throws. What can be no path or name is left out: rules tell it. */
export function namedBeside(text: string): NamedBeside {
  const read = readYaml(text, '');
  const named = { files: new Set<string>(), includes: new Set<string>() };
  if (read.ok && isRecord(read.file.data) && !hasTooManyNodes(read.file.data)) collect(read.file.data.nodes, named);
  return {
    files: [...named.files].filter(isPathBeside),
    includes: [...named.includes].filter((name) => /^[a-z0-9][a-z0-9._-]{0,59}$/.test(name)),
  };
}

function collect(nodes: unknown, named: { files: Set<string>; includes: Set<string> }): void {
  if (!Array.isArray(nodes)) return;
  for (const node of nodes) {
    if (!isRecord(node)) continue;
    const { script, command, loop, loop_group, include } = node;
    if (isRecord(script) && typeof script.file === 'string') named.files.add(script.file);
    if (typeof command === 'string') named.files.add(commandFile(command));
    if (isRecord(loop) && typeof loop.command === 'string') named.files.add(commandFile(loop.command));
    if (typeof include === 'string') named.includes.add(include);
    if (isRecord(loop_group)) collect(loop_group.nodes, named);
  }
}
