import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BARE_CONFIG, makeGitDirectory } from './bare-directory.ts';
import { makeDecoy } from './decoy.ts';
import { type GitGround, inTree } from './git-box.ts';
import { inSession } from './git-session.ts';
import { treeOf } from './inspect.ts';
import { runGit } from './run-git.ts';
import type { WorkspacePaths } from './workspace-paths.ts';

/** The index of the base, with the times of what was checked out; never changed afterwards. */
export const baseIndex = (paths: Pick<WorkspacePaths, 'scratch'>): string => join(paths.scratch, 'index');

/**
 * Bytes go in and out as they are: what a `.gitattributes` says about line ends, keywords or encodings does not apply.
 * `filter` is left alone because changed paths that name one are refused, and without a driver none can run.
 */
export const NO_CONVERSION = '* -text -ident !eol !working-tree-encoding\n';

/** Makes the control directory and fills the tree from the base, by sha. @returns the base's tree @throws GitError */
export async function checkout(
  ground: GitGround,
  base: { branch: string; sha: string },
  signal?: AbortSignal,
): Promise<string> {
  const { paths, mirror } = ground;
  for (const folder of [paths.tree, paths.scratch, paths.home, paths.outputs]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  const objects = join(mirror, 'objects');
  await makeGitDirectory(paths.ctl, { alternates: [objects], config: BARE_CONFIG });
  await writeFile(join(paths.ctl, 'info', 'attributes'), NO_CONVERSION);
  const baseTree = await inSession(await inTree(ground, 'write'), paths.scratch, async (place) => {
    const call = { ...place, env: { GIT_INDEX_FILE: baseIndex(paths) }, signal };
    await runGit(['read-tree', '--reset', '-u', base.sha], call);
    return treeOf(place, base.sha);
  });
  await makeDecoy(paths.tree, { index: baseIndex(paths), objects, ...base });
  return baseTree;
}
