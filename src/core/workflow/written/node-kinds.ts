import type { NodeKind } from '../types.ts';
import type { WrittenNode } from './written-node.ts';

type Key = Extract<keyof WrittenNode, string>;

const COMMON: readonly Key[] = [
  'id',
  'description',
  'depends_on',
  'when',
  'trigger_rule',
  'continue_on_error',
  'always_run',
];
const CODE: readonly Key[] = ['timeout', 'env', 'output_format', 'retry'];
const AGENT: readonly Key[] = ['timeout', 'idle_timeout', 'agent', 'output_format'];

/** What has a meaning for each kind, beside the key of the kind itself. */
const KEYS: Readonly<Record<NodeKind, readonly Key[]>> = {
  bash: [...COMMON, ...CODE],
  script: [...COMMON, ...CODE, 'runtime'],
  prompt: [...COMMON, ...AGENT, 'retry'],
  command: [...COMMON, ...AGENT, 'retry', 'with'],
  loop: [...COMMON, ...AGENT, 'with'],
  loop_group: [...COMMON, 'timeout'],
  approval: [...COMMON, 'timeout'],
  cancel: COMMON,
  include: [...COMMON, 'with'],
};

/** In the order in which they are told. */
export const NODE_KINDS: readonly NodeKind[] = [
  'bash',
  'script',
  'prompt',
  'command',
  'loop',
  'loop_group',
  'approval',
  'cancel',
  'include',
];

export const keysOfKind = (kind: NodeKind): readonly string[] => [kind, ...KEYS[kind]];

export const kindsOfKey = (key: string): readonly NodeKind[] =>
  NODE_KINDS.filter((kind) => keysOfKind(kind).includes(key));

export const kindsIn = (node: object): readonly NodeKind[] => NODE_KINDS.filter((kind) => Object.hasOwn(node, kind));
