import { statfs } from 'node:fs/promises';

/** Bytes that the file system of a folder has left for us. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
