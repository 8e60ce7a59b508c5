import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../ports/log.ts';
import { BARE_CONFIG, makeGitDirectory } from './bare-directory.ts';
import { makeDecoy } from './decoy.ts';
import { type GitGround, inTree } from './git-box.ts';
import { inSession } from './git-session.ts';
import { treeOf } from './inspect.ts';
import { recordCheckout, takeKeptTree } from './kept-tree.ts';
import { removeFolder } from './remove-folder.ts';
import { runGit } from './run-git.ts';

/**
 * Bytes go in and out as they are: what a `.gitattributes` says about line ends, keywords or encodings does not apply.
 * `filter` is left alone because changed paths that name one are refused, and without a driver none can run.
 */
export const NO_CONVERSION = '* -text -ident !eol !working-tree-encoding\n';

/** Where the repository's kept tree would be, and on which file systems there may be one. */
interface Keep {
  kept: string;
  trusted: ReadonlySet<number>;
  log: Log;
}

interface Base {
  branch: string;
  sha: string;
}

/**
 * Makes the control directory and fills the tree from the base, by sha; only what differs is written where the repository has
 * a kept tree.
 * @param keep null: trees are not kept
 * @returns the base's tree
 * @throws GitError
 */
export async function checkout(
  ground: GitGround,
  base: Base,
  keep: Keep | null,
  signal?: AbortSignal,
): Promise<string> {
  const { paths } = ground;
  if (keep !== null) {
    try {
      if (await takeKeptTree(paths, keep.kept)) return await fill(ground, base, keep, signal);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      // What was kept saves time, and must not cost a task.
      keep.log.debug({ err: error, tree: keep.kept }, 'The kept tree could not be used.');
      await removeFolder(paths.path);
    }
  }
  return fill(ground, base, keep, signal);
}

async function fill(ground: GitGround, base: Base, keep: Keep | null, signal?: AbortSignal): Promise<string> {
  const { paths, mirror } = ground;
  for (const folder of [paths.tree, paths.scratch, paths.home, paths.outputs]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  const objects = join(mirror, 'objects');
  await makeGitDirectory(paths.ctl, { alternates: [objects], config: BARE_CONFIG });
  await writeFile(join(paths.ctl, 'info', 'attributes'), NO_CONVERSION);
  const baseTree = await inSession(await inTree(ground, 'write'), paths.scratch, async (place) => {
    const call = { ...place, env: { GIT_INDEX_FILE: paths.index }, signal };
    await runGit(['read-tree', '--reset', '-u', base.sha], call);
    return treeOf(place, base.sha);
  });
  await makeDecoy(paths.tree, { index: paths.index, objects, ...base });
  if (keep !== null) {
    await recordCheckout(paths, keep.kept, keep.trusted).catch((error: unknown) => {
      keep.log.debug({ err: error, tree: paths.tree }, 'Nothing of this tree will be kept.');
      return removeFolder(paths.checkedOut);
    });
  }
  return baseTree;
}
