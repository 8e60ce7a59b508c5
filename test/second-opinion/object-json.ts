import { z } from 'zod';
import type { GitObject } from './bare-repository.ts';

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const identity = z.object({ name: z.string(), email: z.string(), date: z.string() });

export const commitJson = z.object({
  sha,
  message: z.string(),
  author: identity,
  committer: identity,
  tree: z.object({ sha }),
  parents: z.array(z.object({ sha })),
});
export const treeJson = z.object({
  sha,
  tree: z.array(z.object({ path: z.string(), mode: z.string(), type: z.enum(['blob', 'tree', 'commit']), sha })),
});
export const blobJson = z.object({ sha, content: z.string() });
export const madeJson = z.object({ sha });

type Identity = z.infer<typeof identity>;
type TreeEntry = z.infer<typeof treeJson>['tree'][number];

/** A commit's bytes, from what REST says of it. */
export function commitObject({
  sha,
  message,
  author,
  committer,
  tree,
  parents,
}: z.infer<typeof commitJson>): GitObject {
  const lines = [
    `tree ${tree.sha}`,
    ...parents.map((parent) => `parent ${parent.sha}`),
    `author ${identityLine(author)}`,
    `committer ${identityLine(committer)}`,
    '',
    message.endsWith('\n') ? message : `${message}\n`,
  ];
  return { sha, type: 'commit', content: Buffer.from(lines.join('\n')) };
}

/** What REST's `POST git/commits` takes, from a commit's bytes. */
export function commitRequest(content: Buffer): object {
  const text = content.toString('utf8');
  const end = text.indexOf('\n\n');
  const headers = text.slice(0, end).split('\n');
  const values = (name: string) =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    message: text.slice(end + 2),
    tree: values('tree')[0],
    parents: values('parent'),
    author: identityOf(values('author')[0] ?? ''),
    committer: identityOf(values('committer')[0] ?? ''),
  };
}

/** git orders a folder as if its name ended in a slash. */
export function treeObject({ sha, tree }: z.infer<typeof treeJson>): GitObject {
  const key = ({ path, type }: TreeEntry) => Buffer.from(type === 'tree' ? `${path}/` : path);
  const ordered = [...tree].sort((one, other) => Buffer.compare(key(one), key(other)));
  const bytes = ordered.flatMap((entry) => [
    Buffer.from(`${entry.mode.replace(/^0/, '')} ${entry.path}\0`),
    Buffer.from(entry.sha, 'hex'),
  ]);
  return { sha, type: 'tree', content: Buffer.concat(bytes) };
}

/** What REST's `POST git/trees` takes, from a tree's bytes. */
export function treeRequest(content: Buffer): { tree: TreeEntry[] } {
  const tree: TreeEntry[] = [];
  for (let at = 0; at < content.length; ) {
    const end = content.indexOf(0, at);
    const [mode = '', ...path] = content.toString('utf8', at, end).split(' ');
    const type = mode === '40000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
    const entrySha = content.toString('hex', end + 1, end + 21);
    tree.push({ path: path.join(' '), mode: mode.padStart(6, '0'), type, sha: entrySha });
    at = end + 21;
  }
  return { tree };
}

function identityLine({ name, email, date }: Identity): string {
  const zone = /([+-]\d\d):?(\d\d)$/.exec(date);
  return `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} ${zone === null ? '+0000' : `${zone[1]}${zone[2]}`}`;
}

function identityOf(line: string): Identity {
  const [, name, email, seconds, sign, hours, minutes] = /^(.*) <(.*)> (\d+) ([+-])(\d\d)(\d\d)$/.exec(line) ?? [];
  if (name === undefined || email === undefined) throw new Error(`"${line}" is not a commit's identity.`);
  const shift = (sign === '-' ? -60 : 60) * (Number(hours) * 60 + Number(minutes));
  const local = new Date((Number(seconds) + shift) * 1000).toISOString().slice(0, 19);
  return { name, email, date: `${local}${sign}${hours}:${minutes}` };
}
