import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { openFreshFile } from './fresh-file.ts';

/** A log that grows up to a bound and then says so, once. */
export interface BoundedFile {
  write(chunk: Uint8Array | string): void;
  /** Resolves when everything is on disk. A full disk ends the log, not the run. */
  close(): Promise<void>;
}

/** Writes `path` anew, never through a link or into a pipe that somebody left in its or its folder's place. */
export function openBoundedFile(
  path: string,
  options: { maxBytes: number; notice: string; onError: (error: unknown) => void },
): BoundedFile {
  const stream = open(path, options.onError);
  if (stream === null) return { write: () => undefined, close: () => Promise.resolve() };
  const done = finished(stream).catch(options.onError);
  let room = options.maxBytes;
  let full = false;
  return {
    write(chunk) {
      if (full || stream.destroyed) return;
      const bytes = Buffer.from(chunk);
      if (bytes.length <= room) {
        room -= bytes.length;
        stream.write(bytes);
        return;
      }
      full = true;
      stream.write(Buffer.concat([bytes.subarray(0, room), Buffer.from(`\n${options.notice}\n`)]));
    },
    async close() {
      if (!stream.destroyed) stream.end();
      await done;
    },
  };
}

function open(path: string, onError: (error: unknown) => void): WriteStream | null {
  try {
    return createWriteStream(path, { fd: openFreshFile(path) });
  } catch (error) {
    onError(error);
    return null;
  }
}
