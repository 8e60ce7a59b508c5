import type { GitCall } from './git-call.ts';
import { runGit } from './run-git.ts';

export interface ListedFiles {
  /** Untracked and not ignored, as latin1 strings. */
  others: string[];
  /** Folders, latin1, of repositories nested in the tree; what they hold is in none of the other lists. */
  nested: string[];
  /** Paths of the base's submodules. */
  submodules: string[];
  /** Whether a `.gitattributes` is among them all. */
  attributes: boolean;
}

/**
 * What lies in the work tree beside the files of the index, and which of those are submodules.
 * Each name comes with a tag, as an untracked one may look like anything else that git prints.
 * @param linked folders, latin1, whose `.git` says where their repository is: outside the box nobody sees whether it is there
 */
export async function listFiles(base: GitCall, linked: readonly string[]): Promise<ListedFiles> {
  const { stdout } = await runGit(['ls-files', '-z', '-t', '--stage', '--others', '--exclude-standard'], base);
  const listed = splitPaths(stdout);
  const others = listed.flatMap((line) => (line.startsWith('? ') ? [line.slice(2)] : []));
  const nested = new Set(untracked(linked, listed));
  return {
    others: others.filter((path) => !path.endsWith('/') && !foldersOf(path).some((folder) => nested.has(folder))),
    nested: [...nested, ...others.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1))],
    submodules: listed.flatMap((line) => {
      if (!line.startsWith(' 160000 ', 1)) return [];
      const path = /^[^?] 160000 [0-9a-f]{40} \d\t(.*)$/s.exec(line)?.[1];
      return path === undefined ? [] : [Buffer.from(path, 'latin1').toString('utf8')];
    }),
    attributes: listed.some((line) => line.endsWith('.gitattributes') && /[\t /]\.gitattributes$/.test(line)),
  };
}

/** A folder of which the index has files is the base's own, whatever lies in it; git sees it so too. */
function untracked(linked: readonly string[], listed: readonly string[]): string[] {
  if (linked.length === 0) return [];
  const tracked = new Set<string>();
  for (const line of listed) {
    const path = /^[^?] \d{6} [0-9a-f]{40} \d\t(.*)$/s.exec(line)?.[1];
    if (path !== undefined) for (const folder of [path, ...foldersOf(path)]) tracked.add(folder);
  }
  return linked.filter((folder) => !tracked.has(folder));
}

/** The folders above a path, without the tree itself. */
const foldersOf = (path: string): string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_name, at, names) => names.slice(0, at + 1).join('/'));

/** Paths as latin1 strings: one character a byte, so that names in any encoding come back unchanged. */
export function splitPaths(output: Buffer): string[] {
  return output
    .toString('latin1')
    .split('\0')
    .filter((path) => path !== '');
}
