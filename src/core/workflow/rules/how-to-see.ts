import { type PlacedNode, placedById } from '../placed-nodes.ts';
import type { Path } from '../read/places.ts';
import type { Workflow } from '../types.ts';

/** What to do so that the node `from` can name `name`, a node that does not come before it. */
export function howToSee(workflow: Workflow, name: string, from: string): string {
  const byId = placedById(workflow);
  const target = byId.get(name);
  const viewer = byId.get(from);
  if (target === undefined || viewer === undefined) return `Add \`${name}\` to the \`depends_on\` of \`${from}\`.`;
  if (name === from) return 'Name another node; this one has no output yet.';
  if (startsWith(viewer.path, target.path)) return `Name another node; \`${name}\` ends after those in it.`;
  if (startsWith(target.path, viewer.path)) return `Name a node before \`${from}\`; those in it have not run yet.`;

  const parting = target.path.findIndex((part, at) => part !== viewer.path[at]);
  const before = nodeAt(byId, target.path.slice(0, parting + 1));
  const after = nodeAt(byId, viewer.path.slice(0, parting + 1));
  const receiver = after === from ? `\`${from}\`` : `the group \`${after}\``;
  if (before === name) return `Add \`${name}\` to the \`depends_on\` of ${receiver}.`;
  const instead = `Name the group \`${before}\`, whose nodes only see each other`;
  if (viewer.upstream.has(before)) return `${instead}.`;
  return `${instead}, and add it to the \`depends_on\` of ${receiver}.`;
}

const startsWith = (path: Path, start: Path): boolean => start.every((part, at) => part === path[at]);

const nodeAt = (byId: ReadonlyMap<string, PlacedNode>, path: Path): string =>
  [...byId.values()].find((placed) => placed.path.join('.') === path.join('.'))?.node.id ?? '';
