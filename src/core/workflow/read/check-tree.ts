import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { tooDeep } from './yaml-hints.ts';

export interface TreeFault {
  offset: number;
  code: string;
  message: string;
  hint: string;
}

interface Walk {
  faults: TreeFault[];
  limits: { depth: number; aliases: number };
  anchors: Map<string, unknown>;
  /** Nodes around the one that is looked at; an alias to one of them would never end. */
  around: Set<unknown>;
  aliases: number;
}

/** What the YAML library lets through and a workflow must not hold. Visits each node once. */
export function checkTree(root: Node | null, limits: { depth: number; aliases: number }): TreeFault[] {
  const walk: Walk = { faults: [], limits, anchors: new Map(), around: new Set(), aliases: 0 };
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
  if (isScalar(node)) {
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
  if (!walk.anchors.has(name)) {
    const hint = `Define it before with \`&${name}\`, or quote the text if it should begin with \`*\`.`;
    walk.faults.push({ offset, code: 'unknown_alias', message: `There is no anchor \`&${name}\` above.`, hint });
  } else if (walk.around.has(walk.anchors.get(name))) {
    const hint = 'Write out what is meant.';
    walk.faults.push({ offset, code: 'unknown_alias', message: `\`*${name}\` would contain itself.`, hint });
  }
}
