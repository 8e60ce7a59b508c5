import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { TaskFailure } from '../../core/failures.ts';
import { holdsGitFolder } from '../../core/folded-path.ts';

export interface Refusal {
  path: string;
  reason: string;
}

export interface Candidates {
  /** Paths as latin1 strings; what lies behind a link that took a folder's place is gone too. */
  gone: string[];
  present: string[];
  refused: Refusal[];
  /** Of what is present. */
  bytes: number;
}

/** More than this is not read at all: hashing it would fill the disk before any guard could look at it. */
const MAX_BYTES = 1024 * 1024 * 1024;
const AT_ONCE = 64;

/**
 * Looks at each path that git would read, before it does: pipes, devices and names that git cannot carry are refused.
 * @param paths latin1 strings, relative to the tree
 */
export async function checkCandidates(tree: string, paths: readonly string[]): Promise<Candidates> {
  const found: Candidates = { gone: [], present: [], refused: [], bytes: 0 };
  const isFolder = folderCheck(tree);
  for (let start = 0; start < paths.length; start += AT_ONCE) {
    const slice = paths.slice(start, start + AT_ONCE);
    const looks = await Promise.all(slice.map(async (path) => ({ path, stats: await look(tree, path, isFolder) })));
    for (const { path, stats } of looks) {
      const reason = stats === 'too long' ? null : refusalOf(path, stats);
      if (stats === 'too long') found.refused.push(tooLong(path));
      else if (reason !== null) found.refused.push({ path: toText(path), reason });
      else if (stats === null || stats.isDirectory()) found.gone.push(path);
      else {
        found.bytes += stats.size;
        found.present.push(path);
      }
    }
  }
  if (found.bytes > MAX_BYTES) {
    throw new TaskFailure(
      'too_large',
      `The changed and new files of the working tree hold ${Math.round(found.bytes / 1024 / 1024)} MiB; ignore what is generated.`,
    );
  }
  return found;
}

/** @param path latin1 */
export const tooLong = (path: string): Refusal => ({
  path: `${toText(path.slice(0, 80))}…`,
  reason: 'Its path is too long.',
});

type Look = Stats | 'too long' | null;

/** null: nothing is there; what a link on the way leads to does not count as being there. */
async function look(tree: string, path: string, isFolder: FolderCheck): Promise<Look> {
  return (await isFolder(parentOf(path))) ? lookAt(tree, path) : null;
}

async function lookAt(tree: string, path: string): Promise<Look> {
  try {
    return await lstat(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from(path, 'latin1')]));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENAMETOOLONG') return 'too long';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

type FolderCheck = (folder: string) => Promise<boolean>;

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Whether a folder and all above it, up to the tree, are folders and no links; each is looked at once. */
function folderCheck(tree: string): FolderCheck {
  const known = new Map<string, Promise<boolean>>([['', Promise.resolve(true)]]);
  const check = async (folder: string): Promise<boolean> => {
    if (!(await isFolder(parentOf(folder)))) return false;
    const stats = await lookAt(tree, folder);
    return stats === 'too long' || stats?.isDirectory() === true;
  };
  const isFolder: FolderCheck = (folder) => {
    const answer = known.get(folder) ?? check(folder);
    known.set(folder, answer);
    return answer;
  };
  return isFolder;
}

function refusalOf(path: string, stats: Stats | null): string | null {
  if (stats === null) return null;
  if (!stats.isFile() && !stats.isSymbolicLink() && !stats.isDirectory()) {
    return 'It is neither a file nor a symbolic link.';
  }
  if (holdsGitFolder(toText(path))) return 'git reserves names like .git for itself.';
  if (!isUtf8(path)) return 'Its name is not valid UTF-8.';
  return null;
}

const isUtf8 = (path: string): boolean => !toText(path).includes('\uFFFD') || path.includes('\xEF\xBF\xBD');

/** The text that a latin1 path stands for. */
export const toText = (path: string): string => Buffer.from(path, 'latin1').toString('utf8');
