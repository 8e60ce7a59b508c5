import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../ports/log.ts';
import type { Snapshot } from '../../ports/workspace.ts';
import { lookThroughTree } from './blocking-files.ts';
import { checkCandidates } from './candidates.ts';
import { type GitGround, type GitPlace, inObjects, inTree } from './git-box.ts';
import type { GitCall, GitSession } from './git-call.ts';
import { inSession } from './git-session.ts';
import { listFiles, splitPaths } from './list-files.ts';
import { readBlobs } from './read-blobs.ts';
import { refusedChanges } from './refused-changes.ts';
import { gitText, runGit } from './run-git.ts';
import { changedSubmodules } from './submodules.ts';
import { blobsOf, listTreeChanges, readTreeChanges, withSizes } from './tree-changes.ts';

/**
 * Writes what the tree holds now into ctl, by plumbing that reads neither `tree/.git` nor any configuration of the tree.
 * The base's index stays as it is, so that every snapshot is "base to working tree", whatever an earlier one saw.
 * A tree in which git itself would wait for ever is refused as it is, with the base's tree.
 * Repositories nested in the tree are left out, as their files belong to somebody else.
 * @throws GitError, TaskFailure('too_large')
 */
export async function takeSnapshot(
  ground: GitGround,
  baseTree: string,
  { log, signal }: { log: Log; signal: AbortSignal | undefined },
): Promise<Snapshot> {
  const { paths } = ground;
  const look = await lookThroughTree(paths.tree);
  if (look.refused.length > 0) return { tree: baseTree, changes: [], refused: look.refused, contents: NOTHING };
  return inSession(await inTree(ground, 'read'), paths.scratch, (place) =>
    snapshotIn(place, { ground, baseTree, linked: look.linked, log, signal }),
  );
}

async function snapshotIn(
  place: Awaited<ReturnType<typeof inTree>> & { session: GitSession },
  of: {
    ground: GitGround;
    baseTree: string;
    linked: readonly string[];
    log: Log;
    signal: AbortSignal | undefined;
  },
): Promise<Snapshot> {
  const { ground, baseTree, linked, log, signal } = of;
  const { paths } = ground;
  const base = { ...place, env: { GIT_INDEX_FILE: paths.index }, signal };
  const tracked = await runGit(
    ['diff-files', '-z', '--name-only', '--ignore-submodules=all', '--no-ext-diff', '--no-textconv', '--no-renames'],
    base,
  );
  const { others, nested, submodules, attributes } = await listFiles(base, linked);
  if (nested.length > 0) {
    log.info({ tree: paths.tree, count: nested.length }, 'Nested repositories are left out of the snapshot.');
  }
  const candidates = [...splitPaths(tracked.stdout), ...others];
  const { gone, present, refused, bytes } = await checkCandidates(paths.tree, candidates);
  const submoduleRefusals = await changedSubmodules(paths.tree, submodules);
  if (gone.length === 0 && present.length === 0) {
    return { tree: baseTree, changes: [], refused: [...refused, ...submoduleRefusals], contents: NOTHING };
  }

  const index = join(paths.scratch, 'snapshot-index');
  await Promise.all([index, `${index}.lock`].map((path) => rm(path, { force: true })));
  const call = { ...base, env: { GIT_INDEX_FILE: index } };
  // Without the times of the base's index: in those of its last second git believes none, and would read their files each time it writes one.
  await runGit(['read-tree', baseTree], call);
  // What is gone comes first: a file cannot be added where the index still has a folder, nor the other way round.
  // By force, as git would look behind a link that took the place of a folder, and refuse.
  await updateIndex('--force-remove', gone, call);
  await updateIndex('--add', present, call);
  const tree = await gitText(['write-tree'], call);

  const objects = { ...inObjects(ground), session: place.session };
  const { changes, contents } = await readChanges(objects, { baseTree, tree, bytes });
  const found = await refusedChanges(objects, { index, attributes }, changes);
  return { tree, changes, refused: [...refused, ...submoduleRefusals, ...found], contents };
}

/**
 * With the contents where they are not many, as they are searched for secrets next, and the box is open.
 * @param of.bytes of the changed files that the new tree holds
 */
async function readChanges(
  place: GitPlace,
  { baseTree, tree, bytes }: { baseTree: string; tree: string; bytes: number },
): Promise<Pick<Snapshot, 'changes' | 'contents'>> {
  if (bytes > MOST_BYTES) return { changes: await readTreeChanges(place, baseTree, tree), contents: NOTHING };
  const changes = await listTreeChanges(place, baseTree, tree);
  const contents = await readBlobs(place, blobsOf(changes));
  const sizes = new Map([...contents].map(([sha, content]) => [sha, content.byteLength]));
  return { changes: withSizes(changes, sizes), contents };
}

/** As much as a pull request may change, where nobody allowed more. */
const MOST_BYTES = 5 * 1024 * 1024;
const NOTHING: ReadonlyMap<string, Uint8Array> = new Map();

async function updateIndex(how: '--add' | '--force-remove', paths: readonly string[], call: GitCall): Promise<void> {
  if (paths.length === 0) return;
  const input = Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');
  await runGit(['update-index', '-z', how, '--stdin'], { ...call, input });
}
