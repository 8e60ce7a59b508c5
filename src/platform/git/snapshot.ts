import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../ports/log.ts';
import type { Snapshot } from '../../ports/workspace.ts';
import { checkCandidates } from './candidates.ts';
import { baseIndex } from './checkout.ts';
import { copyIndex } from './decoy.ts';
import { refusedChanges } from './refused-changes.ts';
import { gitText, runGit } from './run-git.ts';
import { changedSubmodules } from './submodules.ts';
import { readTreeChanges } from './tree-changes.ts';
import type { WorkspacePaths } from './workspace-paths.ts';

/**
 * Writes what the tree holds now into ctl, by plumbing that reads neither `tree/.git` nor any configuration of the tree.
 * The base's index stays as it is, so that every snapshot is "base to working tree", whatever an earlier one saw.
 * Repositories nested in the tree are left out, as their files belong to somebody else.
 * @throws GitError, TaskFailure('too_large')
 */
export async function takeSnapshot(paths: WorkspacePaths, baseTree: string, log: Log): Promise<Snapshot> {
  const base = { gitDir: paths.ctl, workTree: paths.tree, env: { GIT_INDEX_FILE: baseIndex(paths) } };
  const tracked = await runGit(
    ['diff-files', '-z', '--name-only', '--ignore-submodules=all', '--no-ext-diff', '--no-textconv', '--no-renames'],
    base,
  );
  const untracked = await runGit(['ls-files', '-z', '--others', '--exclude-standard'], base);
  const others = splitPaths(untracked.stdout);
  const nested = others.filter((path) => path.endsWith('/'));
  if (nested.length > 0) {
    log.info({ tree: paths.tree, count: nested.length }, 'Nested repositories are left out of the snapshot.');
  }
  // What is gone comes first: a file cannot be added where the index still has a folder, nor the other way round.
  const candidates = [...splitPaths(tracked.stdout), ...others.filter((path) => !path.endsWith('/'))];
  const { gone, present, refused } = await checkCandidates(paths.tree, candidates);

  const index = join(paths.scratch, 'snapshot-index');
  await rm(`${index}.lock`, { force: true });
  await copyIndex(baseIndex(paths), index);
  const call = { ...base, env: { GIT_INDEX_FILE: index } };
  const input = Buffer.from([...gone, ...present].map((path) => `${path}\0`).join(''), 'latin1');
  if (input.length > 0) await runGit(['update-index', '-z', '--add', '--remove', '--stdin'], { ...call, input });
  const tree = await gitText(['write-tree'], call);

  const changes = await readTreeChanges(paths.ctl, baseTree, tree);
  const found = [await changedSubmodules(paths.tree, base), await refusedChanges(paths.ctl, index, changes)];
  return { tree, changes, refused: [...refused, ...found.flat()] };
}

/** Paths as latin1 strings: one character a byte, so that names in any encoding come back unchanged. */
function splitPaths(output: Buffer): string[] {
  return output
    .toString('latin1')
    .split('\0')
    .filter((path) => path !== '');
}
