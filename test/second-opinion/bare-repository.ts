import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { runGit } from './run-git.ts';

export interface GitObject {
  sha: string;
  type: 'blob' | 'tree' | 'commit';
  content: Buffer;
}

/** What git needs to take a folder for a bare repository. */
export async function makeBareRepository(folder: string): Promise<void> {
  await mkdir(join(folder, 'objects'), { recursive: true });
  await mkdir(join(folder, 'refs', 'heads'), { recursive: true });
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
  await writeFile(join(folder, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n');
}

/**
 * Stores an object as git does, without a process for each.
 * @throws Error when its name is not the one that was told
 */
export async function writeObject(folder: string, { sha, type, content }: GitObject): Promise<void> {
  const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const name = createHash('sha1').update(whole).digest('hex');
  if (name !== sha) throw new Error(`emulate's ${type} ${sha} is ${name} to git.`);
  const file = join(folder, 'objects', sha.slice(0, 2), sha.slice(2));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, deflateSync(whole));
}

/** Branch → sha. */
export async function readHeads(folder: string): Promise<Map<string, string>> {
  const format = '--format=%(objectname) %(refname:lstrip=2)';
  const text = (await runGit(['--git-dir', folder, 'for-each-ref', format, 'refs/heads/'])).toString();
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
}

/** @param sha null: the branch is deleted */
export async function writeHead(folder: string, branch: string, sha: string | null): Promise<void> {
  const file = join(folder, 'refs', 'heads', branch);
  if (sha === null) return rm(file, { force: true });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${sha}\n`);
}

/** Every object that `tips` reach and `known` do not, what is contained before what contains it. */
export async function readNewObjects(
  folder: string,
  tips: readonly string[],
  known: readonly string[],
): Promise<GitObject[]> {
  const asked = [...tips, ...known.map((sha) => `^${sha}`)].join('\n');
  const list = ['--git-dir', folder, 'rev-list', '--objects', '--no-object-names', '--stdin'];
  const shas = (await runGit(list, { input: `${asked}\n` })).toString().split('\n').filter(Boolean);
  if (shas.length === 0) return [];
  const batch = await runGit(['--git-dir', folder, 'cat-file', '--batch'], { input: `${shas.join('\n')}\n` });
  const objects = splitBatch(batch).reverse();
  return (['blob', 'tree', 'commit'] as const).flatMap((type) => objects.filter((object) => object.type === type));
}

/** `<sha> <type> <size>`, a line feed, the content, a line feed; and again. Source: git-cat-file(1), "batch output". */
function splitBatch(batch: Buffer): GitObject[] {
  const objects: GitObject[] = [];
  for (let at = 0; at < batch.length; ) {
    const end = batch.indexOf('\n', at);
    const [, sha = '', type, size] = /^(\S+) (\S+) (\d+)$/.exec(batch.toString('utf8', at, end)) ?? [];
    if (type !== 'blob' && type !== 'tree' && type !== 'commit') throw new Error(`A push with a ${type} is not taken.`);
    const start = end + 1;
    objects.push({ sha, type, content: batch.subarray(start, start + Number(size)) });
    at = start + Number(size) + 1;
  }
  return objects;
}
