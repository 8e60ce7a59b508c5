import type { GitPlace } from './git-box.ts';
import { gitText, runGit } from './run-git.ts';

export interface Inspection {
  tree: string;
  mergeBase: string | null;
  commits: readonly { sha: string; parents: readonly string[] }[];
}

/** Whether the commit lies in the control directory or the mirror behind it. @throws GitError */
export async function hasCommit(place: GitPlace, sha: string): Promise<boolean> {
  // 128 is git's answer to an object that is not there.
  const { code } = await runGit(['cat-file', '-e', `${sha}^{commit}`], { ...place, accept: [1, 128] });
  return code === 0;
}

export async function treeOf(place: GitPlace, commit: string): Promise<string> {
  return gitText(['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`], place);
}

/** What a branch head holds beyond the base; newest commit first. @throws GitError */
export async function inspectHead(place: GitPlace, head: string, baseSha: string): Promise<Inspection> {
  const tree = await treeOf(place, head);
  const merge = await runGit(['merge-base', head, baseSha], { ...place, accept: [1] });
  const list = await gitText(['rev-list', '--parents', head, `^${baseSha}`], place);
  const commits = list.split('\n').flatMap((line) => {
    const [sha, ...parents] = line.split(' ');
    return sha ? [{ sha, parents }] : [];
  });
  return { tree, mergeBase: merge.stdout.toString('utf8').trim() || null, commits };
}
