import { rememberFacts } from './facts.ts';
import { mergeBase } from './refs.ts';
import { runGit } from './run-git.ts';

const trees = rememberFacts<string | undefined>(5_000);

/** The tree of merging `head` into `base`; undefined on conflicts. */
export async function mergedTree(gitDirectory: string, base: string, head: string): Promise<string | undefined> {
  return trees(gitDirectory, [base, head], async () => {
    const args = ['merge-tree', '--write-tree', '--no-messages', base, head];
    const { stdout, code } = await runGit(gitDirectory, args, { accept: [1] });
    return code === 0 ? stdout.toString().trim().split('\n')[0] : undefined;
  });
}

export async function canMerge(gitDirectory: string, base: string, head: string): Promise<boolean> {
  // A head that is ahead of its base alone conflicts with nothing.
  if ((await mergeBase(gitDirectory, base, head)) === base) return true;
  return (await mergedTree(gitDirectory, base, head)) !== undefined;
}
