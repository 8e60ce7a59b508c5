import { nearest } from '../../nearest.ts';
import { cyclePaths, type GraphNode } from '../graph.ts';
import { nodeLists } from '../placed-nodes.ts';
import type { Path } from '../read/places.ts';
import { type Finding, MAX_FINDINGS_PER_RULE, type Rule } from './finding.ts';

export const dependencies: Rule = function* (workflow) {
  for (const { nodes, path } of nodeLists(workflow)) yield* checkList(nodes, path);
};

function* checkList(nodes: readonly GraphNode[], at: Path): Generator<Finding> {
  const ids = new Set(nodes.map(({ id }) => id));
  for (const [index, { id, dependsOn }] of nodes.entries()) {
    const seen = new Set<string>();
    for (const [position, name] of dependsOn.entries()) {
      const path = [...at, index, 'depends_on', position];
      if (!ids.has(name)) yield { path, code: 'unknown_node', ...unknownNode(id, name, ids) };
      else if (seen.has(name)) {
        const message = `\`${id}\` depends on \`${name}\` twice.`;
        yield { path, code: 'duplicate_dependency', message, hint: 'Remove one of them.' };
      }
      seen.add(name);
    }
  }
}

function unknownNode(id: string, name: string, ids: ReadonlySet<string>): Pick<Finding, 'message' | 'hint'> {
  const near = nearest(name, ids);
  const hint = near ? `Did you mean \`${near}\`?` : `Nodes of this workflow: ${[...ids].slice(0, 20).join(', ')}.`;
  return { message: `\`${id}\` depends on \`${name}\`, which is no node here.`, hint };
}

export const cycles: Rule = (workflow) => nodeLists(workflow).flatMap(({ nodes, path }) => cyclesIn(nodes, path));

const cyclesIn = (nodes: readonly GraphNode[], at: Path): Finding[] =>
  cyclePaths(nodes, MAX_FINDINGS_PER_RULE).map((cycle) => {
    const [first = '', second = ''] = cycle;
    const index = nodes.findIndex(({ id }) => id === first);
    const position = nodes[index]?.dependsOn.indexOf(second) ?? 0;
    return {
      path: [...at, index, 'depends_on', position],
      code: 'cycle',
      message: `These nodes wait for each other: ${cycle.join(' -> ')}.`,
      hint: 'Remove one of these dependencies.',
    };
  });
