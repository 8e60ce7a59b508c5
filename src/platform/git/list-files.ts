import { type GitCall, runGit } from './run-git.ts';

export interface ListedFiles {
  /** Untracked and not ignored, as latin1 strings; one that ends in `/` is a repository nested in the tree. */
  others: string[];
  /** Paths of the base's submodules. */
  submodules: string[];
}

/**
 * What lies in the work tree beside the files of the index, and which of those are submodules.
 * Each name comes with a tag, as an untracked one may look like anything else that git prints.
 */
export async function listFiles(base: GitCall): Promise<ListedFiles> {
  const { stdout } = await runGit(['ls-files', '-z', '-t', '--stage', '--others', '--exclude-standard'], base);
  const listed = splitPaths(stdout);
  return {
    others: listed.flatMap((line) => (line.startsWith('? ') ? [line.slice(2)] : [])),
    submodules: listed.flatMap((line) => {
      const path = /^[^?] 160000 [0-9a-f]{40} \d\t(.*)$/s.exec(line)?.[1];
      return path === undefined ? [] : [Buffer.from(path, 'latin1').toString('utf8')];
    }),
  };
}

/** Paths as latin1 strings: one character a byte, so that names in any encoding come back unchanged. */
export function splitPaths(output: Buffer): string[] {
  return output
    .toString('latin1')
    .split('\0')
    .filter((path) => path !== '');
}
