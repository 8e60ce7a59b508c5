import { statfs } from 'node:fs/promises';

/** What the file system of a folder has left for us, in bytes. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

/** So much of it as there are files left for. */
export async function freeForFiles(path: string): Promise<number> {
  return freeForFilesOf(await statfs(path));
}

/**
 * Files can be used up before bytes are, as ext4 has a fixed number of them and work trees are many small ones: the share of
 * them that is left is no more than the same share of the bytes.
 * @param stats as of statfs(2); `files` 0: this file system does not count them
 */
export function freeForFilesOf(stats: {
  bavail: number;
  bsize: number;
  blocks: number;
  files: number;
  ffree: number;
}): number {
  const { bavail, bsize, blocks, files, ffree } = stats;
  const bytes = bavail * bsize;
  return files === 0 ? bytes : Math.min(bytes, Math.floor((ffree / files) * blocks * bsize));
}
