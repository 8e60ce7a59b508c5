import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Where a ref of a mirror is, read without a process, as each task asks several times. Mirrors are made by us and
 * written by our git alone (zone H), which replaces these files by renaming, never in place.
 * @param ref whole name, one of ours
 * @returns undefined when there is none, or none that can be read
 * @see https://git-scm.com/docs/gitrepository-layout for the two places of a ref; the loose one wins
 */
export async function readRef(mirror: string, ref: string): Promise<string | undefined> {
  const loose = /^([0-9a-f]{40})\n?$/.exec(await textOf(join(mirror, ref)))?.[1];
  if (loose !== undefined) return loose;
  const lines = (await textOf(join(mirror, 'packed-refs'))).split('\n');
  return lines.find((line) => /^[0-9a-f]{40} /.test(line) && line.slice(41) === ref)?.slice(0, 40);
}

/** Empty when nothing, or no file, is there. */
async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return '';
    throw error;
  }
}
