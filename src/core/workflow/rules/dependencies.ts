import { nearest } from '../../nearest.ts';
import { cyclePaths } from '../graph.ts';
import { type Finding, MAX_FINDINGS_PER_RULE, type Rule } from './finding.ts';

export const dependencies: Rule = function* ({ nodes }) {
  const ids = new Set(nodes.map(({ id }) => id));
  for (const [index, { id, dependsOn }] of nodes.entries()) {
    const seen = new Set<string>();
    for (const [position, name] of dependsOn.entries()) {
      const path = ['nodes', index, 'depends_on', position];
      if (!ids.has(name)) yield { path, code: 'unknown_node', ...unknownNode(id, name, ids) };
      else if (seen.has(name)) {
        const message = `\`${id}\` depends on \`${name}\` twice.`;
        yield { path, code: 'duplicate_dependency', message, hint: 'Remove one of them.' };
      }
      seen.add(name);
    }
  }
};

function unknownNode(id: string, name: string, ids: ReadonlySet<string>): Pick<Finding, 'message' | 'hint'> {
  const near = nearest(name, ids);
  const hint = near ? `Did you mean \`${near}\`?` : `Nodes of this workflow: ${[...ids].slice(0, 20).join(', ')}.`;
  return { message: `\`${id}\` depends on \`${name}\`, which is no node.`, hint };
}

export const cycles: Rule = ({ nodes }) =>
  cyclePaths(nodes, MAX_FINDINGS_PER_RULE).map((cycle) => {
    const [first = '', second = ''] = cycle;
    const index = nodes.findIndex(({ id }) => id === first);
    const position = nodes[index]?.dependsOn.indexOf(second) ?? 0;
    return {
      path: ['nodes', index, 'depends_on', position],
      code: 'cycle',
      message: `These nodes wait for each other: ${cycle.join(' -> ')}.`,
      hint: 'Remove one of these dependencies.',
    };
  });
