import { constants, type FileHandle, open } from 'node:fs/promises';

/** Never through a link or from a pipe that somebody left in its place. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The last `maxBytes` of a file, as UTF-8; undefined: there is none that can be read. */
export async function readLog(file: string, maxBytes: number): Promise<{ text: string; whole: boolean } | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, READ);
    const stat = await handle.stat();
    if (!stat.isFile()) return undefined;
    const length = Math.min(stat.size, maxBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, stat.size - length);
    return { text: buffer.toString('utf8', 0, bytesRead), whole: length === stat.size };
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}
