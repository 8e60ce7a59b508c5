import { foldedPath, holdsGitFolder, isGitmodules } from '../../core/folded-path.ts';
import type { ChangedFile } from '../../ports/workspace.ts';
import type { Refusal } from './candidates.ts';
import type { GitPlace } from './git-box.ts';
import { runGit } from './run-git.ts';
import { isSubmodule } from './tree-changes.ts';

const LINK_MODE = '120000';
const MAX_LINK_BYTES = 4096;

/**
 * Changes that never leave the workspace, each with its reason:
 * submodules and from where they come, symbolic links out of the tree, and paths whose attributes name a filter (such as Git LFS),
 * where the work tree's bytes are not what the repository stores.
 * @param written.index the index that `changes` were written from; its .gitattributes count, not those of the work tree
 * @param written.attributes whether it may hold one
 */
export async function refusedChanges(
  place: GitPlace,
  written: { index: string; attributes: boolean },
  changes: readonly ChangedFile[],
): Promise<Refusal[]> {
  const kept = changes.filter((change) => change.status !== 'deleted');
  const filtered = written.attributes
    ? await pathsWithFilter(
        place,
        written.index,
        kept.map((change) => change.path),
      )
    : NONE;
  const refused: Refusal[] = [];
  for (const change of changes) {
    if (isSubmodule(change))
      refused.push({ path: change.path, reason: 'Submodules may not be added, changed or removed.' });
    else if (isGitmodules(change.path)) refused.push({ path: change.path, reason: SUBMODULE_SOURCES });
  }
  for (const change of kept) {
    const filter = filtered.get(change.path);
    if (filter !== undefined) {
      refused.push({ path: change.path, reason: filterRefusal(filter) });
    }
    if (change.newMode !== LINK_MODE) continue;
    const reason = await refusedLink(place, change);
    if (reason !== null) refused.push({ path: change.path, reason });
  }
  return refused;
}

const NONE: ReadonlyMap<string, string> = new Map();

const SUBMODULE_SOURCES =
  'It says from where submodules are fetched, and submodules may not be added, changed or removed.';

/** The bytes of the work tree are not those that the repository stores for such a path. */
function filterRefusal(filter: string): string {
  const named = `Its attributes name the filter "${filter}"`;
  return filter === 'lfs'
    ? `${named}: the repository keeps a pointer in its place, and Git LFS is not run here. Leave this path out, or change it by hand.`
    : `${named}, a program that is not run here. Leave this path out, or change it by hand.`;
}

async function pathsWithFilter(place: GitPlace, index: string, paths: readonly string[]): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const { stdout } = await runGit(['check-attr', '-z', '--cached', '--stdin', 'filter'], {
    ...place,
    env: { GIT_INDEX_FILE: index },
    input: paths.map((path) => `${path}\0`).join(''),
  });
  const fields = stdout.toString('utf8').split('\0');
  const found = new Map<string, string>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path, , value] = fields.slice(at, at + 3);
    if (path !== undefined && value !== undefined && value !== 'unspecified' && value !== 'unset')
      found.set(path, value);
  }
  return found;
}

async function refusedLink(place: GitPlace, change: ChangedFile): Promise<string | null> {
  if (change.size > MAX_LINK_BYTES) return 'The target of this symbolic link is too long.';
  const { stdout } = await runGit(['cat-file', 'blob', change.sha], place);
  return linkRefusal(change.path, stdout.toString('utf8'));
}

/**
 * Why a symbolic link at `path` may not point to `target`; null: it stays in the tree.
 * `..` after a name is refused because that name can itself be a link, which moves what `..` means.
 */
export function linkRefusal(path: string, target: string): string | null {
  return refusalOf(path, target, target) ?? refusalOf(path, target, foldedPath(target));
}

/** @param read the target as a file system takes it */
function refusalOf(path: string, target: string, read: string): string | null {
  if (read === '' || read.startsWith('/') || /^[a-z]:/i.test(target))
    return `It is a symbolic link out of the tree, to "${target}".`;
  const parts = read.split('/').filter((part) => part !== '' && part !== '.');
  const ups = parts.findIndex((part) => part !== '..');
  const climbs = ups === -1 ? parts.length : ups;
  if (climbs > path.split('/').length - 1) return `It is a symbolic link out of the tree, to "${target}".`;
  if (parts.slice(climbs).includes('..')) return `It is a symbolic link that climbs after a name, to "${target}".`;
  if (holdsGitFolder(read)) return `It is a symbolic link into .git, to "${target}".`;
  return null;
}
