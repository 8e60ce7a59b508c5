import type { Finding } from '../rules/finding.ts';
import { keysOfKind, kindsIn } from '../written/node-kinds.ts';
import { writtenNode } from '../written/written-node.ts';
import { type WrittenWorkflow, writtenWorkflow } from '../written/written-workflow.ts';
import { MAX_INPUTS } from './check-shape.ts';
import { isRecord } from './record.ts';

/**
 * What remains of a file when every value with a fault is left out, so that the rules can find the rest of the faults in
 * the same pass. null: too little remains.
 */
export function salvage(data: unknown, faults: readonly Finding[]): WrittenWorkflow | null {
  const copy: unknown = structuredClone(data);
  if (!isRecord(copy)) return null;
  // Longer paths first: an index must not go before what lies beneath it.
  for (const { path } of [...faults].sort((a, b) => b.path.length - a.path.length)) leaveOut(copy, path);
  if (copy.name === undefined || typeof copy.name !== 'string') copy.name = 'unnamed';
  if (isRecord(copy.inputs)) copy.inputs = Object.fromEntries(Object.entries(copy.inputs).slice(0, MAX_INPUTS));
  if (Array.isArray(copy.services)) copy.services = copy.services.map(standInEntry);
  if (Array.isArray(copy.nodes)) copy.nodes = copy.nodes.map(standInNode);
  const parsed = writtenWorkflow.safeParse(copy);
  return parsed.success ? parsed.data : null;
}

/** Takes away the nearest key of a map at or above `path`; entries of `nodes`, `services` and `inputs` keep their place. */
function leaveOut(root: Record<string, unknown>, path: Finding['path']): void {
  const [top, second] = path;
  const within = top === undefined ? undefined : root[top];
  if (path.length === 2 && top === 'nodes') return;
  if (path.length === 2 && top === 'services' && Array.isArray(within)) within[Number(second)] = LEFT_OUT_ENTRY;
  else if (path.length === 2 && top === 'inputs' && isRecord(within)) within[String(second)] = {};
  else removeKey(root, path);
}

const LEFT_OUT_ENTRY = { names: ['left-out'] };

function removeKey(root: Record<string, unknown>, path: Finding['path']): void {
  let holder: Record<string, unknown> | null = null;
  let key = '';
  let value: unknown = root;
  for (const part of path) {
    if (isRecord(value)) {
      holder = value;
      key = String(part);
      value = value[key];
    } else value = Array.isArray(value) ? value[Number(part)] : undefined;
  }
  if (holder) delete holder[key];
}

/** A node that still has its place and its id, so that references to it stay right. */
function standInNode(node: unknown, index: number): unknown {
  const id = `unnamed-${index}`;
  if (!isRecord(node)) return { id, bash: ':' };
  const [kind, other] = kindsIn(node);
  const fits = kind !== undefined && other === undefined && writtenNode.shape[kind].safeParse(node[kind]).success;
  const stays = keysOfKind(fits ? kind : 'bash');
  const kept = Object.fromEntries(Object.entries(node).filter(([key]) => stays.includes(key)));
  return { ...kept, ...(fits ? {} : { bash: ':' }), id: node.id ?? id };
}

function standInEntry(entry: unknown): unknown {
  const selects = isRecord(entry) && ['tag', 'names', 'match'].some((key) => Object.hasOwn(entry, key));
  return isRecord(entry) && !selects && Object.keys(entry).length > 0 ? { ...entry, ...LEFT_OUT_ENTRY } : entry;
}
