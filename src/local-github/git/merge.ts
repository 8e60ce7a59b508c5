import { runGit } from './run-git.ts';

/** The tree of merging `head` into `base`; undefined on conflicts. */
export async function mergedTree(gitDirectory: string, base: string, head: string): Promise<string | undefined> {
  const args = ['merge-tree', '--write-tree', '--no-messages', base, head];
  const { stdout, code } = await runGit(gitDirectory, args, { accept: [1] });
  return code === 0 ? stdout.toString().trim().split('\n')[0] : undefined;
}

export async function canMerge(gitDirectory: string, base: string, head: string): Promise<boolean> {
  return (await mergedTree(gitDirectory, base, head)) !== undefined;
}
