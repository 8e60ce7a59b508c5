const nodeKinds = [
  'user',
  'organization',
  'bot',
  'app',
  'installation',
  'repository',
  'issue',
  'pull',
  'comment',
  'label',
  'reaction',
  'commit',
  'ref',
  'tree',
  'blob',
] as const;

export type NodeKind = (typeof nodeKinds)[number];

/** The prefixes of GitHub's global node ids that the local GitHub hands out. */
const prefixes = {
  user: 'U',
  organization: 'O',
  bot: 'BOT',
  app: 'A',
  installation: 'IN',
  repository: 'R',
  issue: 'I',
  pull: 'PR',
  comment: 'IC',
  label: 'LA',
  reaction: 'REA',
  commit: 'C',
  ref: 'REF',
  tree: 'T',
  blob: 'B',
} as const satisfies Record<NodeKind, string>;

const kindByPrefix = new Map<string, NodeKind>(nodeKinds.map((kind) => [prefixes[kind], kind]));

/** @param id the record's id (for `issue` and `pull` the issue record's), or `<repository id>:<sha or ref>` for git objects. */
export function nodeId(kind: NodeKind, id: number | string): string {
  return `${prefixes[kind]}_${Buffer.from(String(id)).toString('base64url')}`;
}

/** undefined when `value` is no node id of ours. */
export function parseNodeId(value: string): { kind: NodeKind; id: string } | undefined {
  const split = value.indexOf('_');
  const kind = kindByPrefix.get(value.slice(0, split));
  if (kind === undefined) return undefined;
  const id = Buffer.from(value.slice(split + 1), 'base64url').toString();
  return nodeId(kind, id) === value ? { kind, id } : undefined;
}
