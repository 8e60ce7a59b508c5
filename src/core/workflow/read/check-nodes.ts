import { runtimeOf } from '../named-files.ts';
import type { Finding } from '../rules/finding.ts';
import type { NodeKind } from '../types.ts';
import { keysOfKind, kindsIn, kindsOfKey, NODE_KINDS } from '../written/node-kinds.ts';
import { writtenNode } from '../written/written-node.ts';
import type { Path } from './places.ts';
import { isRecord } from './record.ts';

export const MAX_NODES = 200;

/** What depends on which kind a node is; a schema would answer with a puzzle of alternatives. */
export function checkNodes(data: unknown): Finding[] {
  const nodes = nodesIn(isRecord(data) ? data.nodes : undefined, ['nodes']);
  const findings = nodes.flatMap(({ node, path }) => checkKind(node, path));
  const further = nodes[MAX_NODES];
  if (further === undefined) return findings;
  const message = `The workflow has ${nodes.length} nodes; ${MAX_NODES} are allowed.`;
  return [{ path: further.path, code: 'too_many_nodes', message, hint: 'Split the workflow.' }, ...findings];
}

/** Such a file is told so, and nothing that its nodes name is looked at. */
export const hasTooManyNodes = (data: unknown): boolean =>
  nodesIn(isRecord(data) ? data.nodes : undefined, ['nodes']).length > MAX_NODES;

/** Nodes of groups follow their group. */
function nodesIn(list: unknown, path: Path): { node: Record<string, unknown>; path: Path }[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((node: unknown, index) => {
    if (!isRecord(node)) return [];
    const at = [...path, index];
    const group = isRecord(node.loop_group) ? node.loop_group.nodes : undefined;
    return [{ node, path: at }, ...nodesIn(group, [...at, 'loop_group', 'nodes'])];
  });
}

function checkKind(node: Record<string, unknown>, path: Path): Finding[] {
  const name = typeof node.id === 'string' ? `The node \`${node.id}\`` : 'The node';
  const [kind, other] = kindsIn(node);
  if (kind === undefined) {
    const hint = `Add one of ${NODE_KINDS.join(', ')}.`;
    return [{ path, code: 'node_kind', message: `${name} does not say what it does.`, hint }];
  }
  if (other !== undefined) {
    const message = `${name} has more than one kind: ${kindsIn(node).join(', ')}.`;
    const hint = 'Keep one, and make a node of its own of each other.';
    return [{ path: [...path, other], onKey: true, code: 'node_kind', message, hint }];
  }
  return [...checkKeys(node, kind, name, path), ...checkParts(node, kind, name, path)];
}

function checkKeys(node: Record<string, unknown>, kind: NodeKind, name: string, path: Path): Finding[] {
  const fitting = keysOfKind(kind);
  return Object.keys(node)
    .filter((key) => Object.hasOwn(writtenNode.shape, key) && !fitting.includes(key))
    .map((key) => ({
      path: [...path, key],
      onKey: true,
      code: 'node_kind',
      message: `${name} is ${kind === 'approval' || kind === 'include' ? 'an' : 'a'} ${kind} node; \`${key}\` has no meaning there.`,
      hint:
        key === 'with' && (kind === 'bash' || kind === 'script')
          ? 'Write `env`: NAME to its value, which the command reads as $NAME.'
          : `Remove it; it belongs to ${kindsOfKey(key).join(', ')}.`,
    }));
}

/** What a kind cannot be without, where one of several keys can give it. */
function checkParts(node: Record<string, unknown>, kind: NodeKind, name: string, path: Path): Finding[] {
  const part = node[kind];
  if (kind === 'script' && typeof part === 'string' && node.runtime === undefined) {
    const message = `${name} does not say in which language its script is.`;
    return [
      { path: [...path, kind], onKey: true, code: 'missing_key', message, hint: 'Add runtime: node, or python.' },
    ];
  }
  if (kind === 'script' && isRecord(part) && typeof part.file === 'string' && node.runtime === undefined) {
    if (runtimeOf(part.file) !== null) return [];
    const message = `${name} does not say in which language \`${part.file.slice(0, 80)}\` is.`;
    const hint = part.file.endsWith('.sh') ? 'Write its commands under `bash`.' : 'Add runtime: node, or python.';
    return [{ path: [...path, kind, 'file'], code: 'missing_key', message, hint }];
  }
  if ((kind !== 'loop' && kind !== 'loop_group') || !isRecord(part)) return [];
  const at = { path: [...path, kind], onKey: true, code: 'missing_key' };
  const findings: Finding[] = [];
  const ends = kind === 'loop' ? ['until', 'until_bash', 'until_field'] : ['until', 'until_bash'];
  if (!ends.some((end) => Object.hasOwn(part, end))) {
    const hint = `Add ${ends.map((end) => `\`${end}\``).join(' or ')}.`;
    findings.push({ ...at, message: `${name} does not say when it ends.`, hint });
  }
  const prompts = ['prompt', 'command'].filter((key) => Object.hasOwn(part, key));
  if (kind === 'loop' && prompts.length !== 1) {
    const message = `${name} needs exactly one of \`prompt\` and \`command\`.`;
    findings.push({ ...at, message, hint: prompts.length === 0 ? 'Add `prompt`.' : 'Remove one of them.' });
  }
  return findings;
}
