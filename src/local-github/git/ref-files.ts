import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const line = /^([0-9a-f]{40}) (refs\/\S+)$/gm;

/**
 * The refs of a repository that we made ourselves (`ref-files`: each is a file, or a line of `packed-refs`), read
 * without a process, because nearly every request needs some. git replaces these files by renaming, never in place.
 * @param prefix `refs/`, a folder of it, or one whole ref, as for `git for-each-ref`
 * @returns full name → sha, by name
 */
export async function readRefs(gitDirectory: string, prefix: string): Promise<Map<string, string>> {
  const start = prefix.replace(/\/+$/, '');
  if (!isRefPath(start)) return new Map();
  // The loose ones first: packing writes the line before it removes the file.
  const loose = [...(await readOne(gitDirectory, start)), ...(await readFolder(gitDirectory, start))];
  const packed = await readPacked(gitDirectory, start);
  const refs = new Map([...packed, ...loose]);
  return new Map([...refs].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
}

/** One ref by its full name; undefined when there is none. */
export async function readRef(gitDirectory: string, ref: string): Promise<string | undefined> {
  if (!isRefPath(ref)) return undefined;
  const [loose] = await readOne(gitDirectory, ref);
  if (loose !== undefined) return loose[1];
  return (await readPacked(gitDirectory, ref)).find(([name]) => name === ref)?.[1];
}

/**
 * Makes a ref that cannot be there yet, without a process and under git's own lock for it.
 * @throws Error when somebody makes it at the same time
 */
export async function createRef(gitDirectory: string, ref: string, sha: string): Promise<void> {
  if (!isRefPath(ref)) throw new Error(`${ref} is no ref`);
  const file = join(gitDirectory, ref);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.lock`, `${sha}\n`, { flag: 'wx' });
  await rename(`${file}.lock`, file);
}

/** Names come from requests: none may lead out of `refs`. */
function isRefPath(ref: string): boolean {
  return /^refs(\/|$)/.test(ref) && !ref.includes('\0') && !ref.split('/').some((part) => /^(|\.|\.\.)$/.test(part));
}

type Found = readonly (readonly [string, string])[];

async function readOne(gitDirectory: string, ref: string): Promise<Found> {
  const text = await readFile(join(gitDirectory, ref), 'utf8').catch(nothingThere);
  const sha = /^([0-9a-f]{40})\n?$/.exec(text)?.[1];
  return sha === undefined || ref.endsWith('.lock') ? [] : [[ref, sha]];
}

async function readFolder(gitDirectory: string, folder: string): Promise<Found> {
  const entries = await readdir(join(gitDirectory, folder), { withFileTypes: true }).catch((error: unknown) => {
    nothingThere(error);
    return [];
  });
  const found = await Promise.all(
    entries.map((entry) => {
      const name = `${folder}/${entry.name}`;
      return entry.isDirectory() ? readFolder(gitDirectory, name) : readOne(gitDirectory, name);
    }),
  );
  return found.flat();
}

async function readPacked(gitDirectory: string, start: string): Promise<Found> {
  const text = await readFile(join(gitDirectory, 'packed-refs'), 'utf8').catch(nothingThere);
  return [...text.matchAll(line)]
    .map(([, sha = '', ref = '']) => [ref, sha] as const)
    .filter(([ref]) => ref === start || ref.startsWith(`${start}/`));
}

/** Absent, or a folder where a file was looked for and the other way round. @throws anything else */
function nothingThere(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return '';
  throw error;
}
