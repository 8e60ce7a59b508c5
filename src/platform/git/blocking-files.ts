import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { type Refusal, tooLong, toText } from './candidates.ts';

/** Files that git opens while it looks at a work tree, whatever they are; a pipe there makes it wait for ever. */
const OPENED_BY_GIT = new Set(['.gitignore', '.gitattributes', '.gitmodules']);
const AT_ONCE = 64;

interface Folder {
  /** latin1, relative to the tree, with a slash at its end; empty: the tree itself. */
  path: string;
  /** Within the `.git` of a nested repository, whose HEAD and refs git reads to see that it is one. */
  inGit: boolean;
}

interface Look {
  folders: Folder[];
  refused: Refusal[];
  linked: string[];
}

interface TreeLook {
  /** What git would wait for. */
  refused: Refusal[];
  /** latin1, relative to the tree: folders whose `.git` is no folder but says where one is, as of a worktree or a submodule. */
  linked: string[];
}

/**
 * What git would wait for in this tree, and repositories in it that it may not recognize from its box, found without opening any of it; links are not followed, as git does not (since 2.32).
 * Folders whose path the system cannot take are refused too: nobody can look into them by name.
 */
export async function lookThroughTree(tree: string): Promise<TreeLook> {
  const refused: Refusal[] = [];
  const linked: string[] = [];
  let folders: Folder[] = [{ path: '', inGit: false }];
  while (folders.length > 0) {
    const looks = await Promise.all(folders.splice(0, AT_ONCE).map((folder) => lookInto(tree, folder)));
    refused.push(...looks.flatMap((look) => look.refused));
    linked.push(...looks.flatMap((look) => look.linked));
    folders = [...folders, ...looks.flatMap((look) => look.folders)];
  }
  return { refused, linked };
}

async function lookInto(tree: string, { path, inGit }: Folder): Promise<Look> {
  const found: Look = { folders: [], refused: [], linked: [] };
  const entries = await list(tree, path);
  if (entries === null) return { ...found, refused: [tooLong(path)] };
  for (const entry of entries) {
    const name = entry.name.toString('latin1');
    const isGit = name.toLowerCase() === '.git';
    if (entry.isDirectory()) {
      // The decoy at the top is never read by us.
      if (!isGit || path !== '') found.folders.push({ path: `${path}${name}/`, inGit: inGit || isGit });
    } else if (!entry.isFile() && !entry.isSymbolicLink() && (inGit || OPENED_BY_GIT.has(name.toLowerCase()))) {
      found.refused.push({ path: toText(`${path}${name}`), reason: 'git would read it, and it is no regular file.' });
    } else if (name === '.git' && path !== '' && (entry.isFile() || entry.isSymbolicLink())) {
      found.linked.push(path.slice(0, -1));
    }
  }
  return found;
}

/** null: the path is too long. A folder that is gone or closed to us has nothing that git could open either. */
async function list(tree: string, path: string): Promise<Dirent<Buffer>[] | null> {
  try {
    const folder = Buffer.concat([Buffer.from(`${tree}/`), Buffer.from(path, 'latin1')]);
    return await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENAMETOOLONG') return null;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'ELOOP') return [];
    throw error;
  }
}
