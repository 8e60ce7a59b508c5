import { nearest } from '../../nearest.ts';
import { cyclePaths } from '../graph.ts';
import type { Finding, Rule } from './finding.ts';

export const dependencies: Rule = ({ nodes }) => {
  const ids = nodes.map(({ id }) => id);
  return nodes.flatMap(({ id, dependsOn }, index) =>
    dependsOn.flatMap((name, position): Finding[] => {
      const path = ['nodes', index, 'depends_on', position];
      if (!ids.includes(name)) {
        const near = nearest(name, ids);
        const hint = near ? `Did you mean \`${near}\`?` : `Nodes of this workflow: ${ids.slice(0, 20).join(', ')}.`;
        return [{ path, code: 'unknown_node', message: `\`${id}\` depends on \`${name}\`, which is no node.`, hint }];
      }
      if (dependsOn.indexOf(name) === position) return [];
      const message = `\`${id}\` depends on \`${name}\` twice.`;
      return [{ path, code: 'duplicate_dependency', message, hint: 'Remove one of them.' }];
    }),
  );
};

export const cycles: Rule = ({ nodes }) =>
  cyclePaths(nodes).map((cycle) => {
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
