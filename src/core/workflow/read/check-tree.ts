import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { tooDeep } from './yaml-hints.ts';

export interface TreeFault {
  offset: number;
  code: string;
  message: string;
  hint: string;
}

export interface TreeLimits {
  depth: number;
  aliases: number;
  /** What aliases repeat: characters of keys and values, and 16 for each of these. */
  added: number;
}

const SIZE_OF_A_VALUE = 16;

interface Walk {
  faults: TreeFault[];
  limits: TreeLimits;
  anchors: Map<string, unknown>;
  /** What each anchored node expands to. */
  sizes: Map<unknown, number>;
  /** Of all that was visited so far, with its aliases written out; and of these aliases alone. */
  size: number;
  added: number;
  /** Nodes around the one that is looked at; an alias to one of them would never end. */
  around: Set<unknown>;
  aliases: number;
}

/** What the YAML library lets through and a workflow must not hold. Visits each node once. */
export function checkTree(root: Node | null, limits: TreeLimits): TreeFault[] {
  const anchors = new Map<string, unknown>();
  const walk: Walk = {
    faults: [],
    limits,
    anchors,
    sizes: new Map(),
    size: 0,
    added: 0,
    around: new Set(),
    aliases: 0,
  };
  visit(walk, root, 0);
  return walk.faults;
}

function visit(walk: Walk, node: unknown, depth: number): void {
  if (isAlias(node)) {
    visitAlias(walk, node.source, node.range?.[0] ?? 0);
    return;
  }
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return;
  const offset = node.range?.[0] ?? 0;
  if (node.anchor) walk.anchors.set(node.anchor, node);
  const before = walk.size;
  visitNode(walk, node, offset, depth);
  if (node.anchor) walk.sizes.set(node, walk.size - before);
}

function visitNode(walk: Walk, node: Scalar | YAMLMap | YAMLSeq, offset: number, depth: number): void {
  walk.size += SIZE_OF_A_VALUE;
  if (isScalar(node)) {
    walk.size += String(node.value).length;
    if (typeof node.value === 'string' && node.value.includes('\0')) {
      const hint = 'Remove the escape `\\0`; no program can be given such a text.';
      walk.faults.push({ offset, code: 'control_character', message: 'The text contains a NUL character.', hint });
    }
    return;
  }
  if (depth >= walk.limits.depth) {
    walk.faults.push({ offset, ...tooDeep(walk.limits.depth) });
    return;
  }
  walk.around.add(node);
  if (isMap(node)) {
    checkKeys(walk, node.items);
    for (const { value } of node.items) visit(walk, value, depth + 1);
  } else {
    for (const item of node.items) visit(walk, item, depth + 1);
  }
  walk.around.delete(node);
}

function checkKeys(walk: Walk, items: readonly { key: unknown }[]): void {
  const seen = new Set<string>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    walk.size += name.length + SIZE_OF_A_VALUE;
    const offset = key.range?.[0] ?? 0;
    if (name === '__proto__') {
      walk.faults.push({ offset, code: 'unknown_key', message: '`__proto__` cannot be a key.', hint: 'Rename it.' });
    }
    if (seen.has(name)) {
      const hint = 'Keep one of them; the file would otherwise say two things.';
      walk.faults.push({ offset, code: 'duplicate_key', message: `The key \`${name}\` stands here twice.`, hint });
    }
    seen.add(name);
  }
}

function visitAlias(walk: Walk, name: string, offset: number): void {
  walk.aliases += 1;
  if (walk.aliases === walk.limits.aliases + 1) {
    const message = `The file uses more than ${walk.limits.aliases} aliases (\`*name\`).`;
    walk.faults.push({ offset, code: 'too_many_aliases', message, hint: 'Write the repeated parts out.' });
  }
  const anchored = walk.anchors.get(name);
  if (anchored === undefined) {
    const hint = `Define it before with \`&${name}\`, or quote the text if it should begin with \`*\`.`;
    walk.faults.push({ offset, code: 'unknown_alias', message: `There is no anchor \`&${name}\` above.`, hint });
  } else if (walk.around.has(anchored)) {
    const hint = 'Write out what is meant.';
    walk.faults.push({ offset, code: 'unknown_alias', message: `\`*${name}\` would contain itself.`, hint });
  }
  const size = walk.sizes.get(anchored) ?? 0;
  const fitted = walk.added <= walk.limits.added;
  walk.size += size;
  walk.added += size;
  if (!fitted || walk.added <= walk.limits.added) return;
  const message = `Up to here, the file's aliases (\`*name\`) repeat more than ${walk.limits.added} characters.`;
  walk.faults.push({ offset, code: 'too_large', message, hint: 'Use long texts once, or move them into files.' });
}
