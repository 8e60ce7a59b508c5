import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { TaskFailure } from '../../core/failures.ts';

export interface Refusal {
  path: string;
  reason: string;
}

export interface Candidates {
  /** Paths as latin1 strings. */
  gone: string[];
  present: string[];
  refused: Refusal[];
}

/** More than this is not read at all: hashing it would fill the disk before any guard could look at it. */
const MAX_BYTES = 1024 * 1024 * 1024;
const AT_ONCE = 64;

/**
 * Looks at each path that git would read, before it does: pipes, devices and names that git cannot carry are refused.
 * @param paths latin1 strings, relative to the tree
 */
export async function checkCandidates(tree: string, paths: readonly string[]): Promise<Candidates> {
  const found: Candidates = { gone: [], present: [], refused: [] };
  let bytes = 0;
  for (let start = 0; start < paths.length; start += AT_ONCE) {
    const slice = paths.slice(start, start + AT_ONCE);
    const looks = await Promise.all(slice.map(async (path) => ({ path, stats: await look(tree, path) })));
    for (const { path, stats } of looks) {
      const reason = refusalOf(path, stats);
      if (reason !== null) found.refused.push({ path: toText(path), reason });
      else if (stats === null || stats.isDirectory()) found.gone.push(path);
      else {
        bytes += stats.size;
        found.present.push(path);
      }
    }
  }
  if (bytes > MAX_BYTES) {
    throw new TaskFailure(
      'too_large',
      `The changed and new files of the working tree hold ${Math.round(bytes / 1024 / 1024)} MiB; ignore what is generated.`,
    );
  }
  return found;
}

/** null: nothing is there; a link on the way to it does not count as being there. */
async function look(tree: string, path: string): Promise<Stats | null> {
  try {
    return await lstat(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from(path, 'latin1')]));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}

function refusalOf(path: string, stats: Stats | null): string | null {
  if (stats === null) return null;
  if (!stats.isFile() && !stats.isSymbolicLink() && !stats.isDirectory()) {
    return 'It is neither a file nor a symbolic link.';
  }
  if (path.split('/').some(isReserved)) return 'git reserves names like .git for itself.';
  if (!isUtf8(path)) return 'Its name is not valid UTF-8.';
  return null;
}

/** `.git` as file systems without case, and those of Windows, would also read it. */
const isReserved = (name: string): boolean => /^(?:\.git|git~\d+)[ .]*(?::.*)?$/i.test(name);

const isUtf8 = (path: string): boolean => !toText(path).includes('\uFFFD') || path.includes('\xEF\xBF\xBD');

const toText = (path: string): string => Buffer.from(path, 'latin1').toString('utf8');
