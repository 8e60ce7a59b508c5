import type { TreeDiff } from '../../ports/workspace.ts';
import type { GitPlace } from './git-box.ts';
import { runGit } from './run-git.ts';

/** Beyond, a diff is read by nobody, and the digest goes by the blobs. */
const MOST_BYTES = 1024 * 1024;

/** Read from the objects alone; no program that attributes or a configuration name is run. */
const PLAIN = ['diff-tree', '-r', '--no-ext-diff', '--no-textconv', '--no-renames'];
/** Comparing the lines of a larger file costs more than anybody's reading of them is worth: it counts as binary. */
const SETTINGS = ['core.bigFileThreshold=8m'];

/** The diff from one tree to the other, as people read it. @throws GitError */
export async function readTreeDiff(place: GitPlace, from: string, to: string, signal?: AbortSignal): Promise<TreeDiff> {
  const call = { ...place, settings: SETTINGS, signal };
  const lines = await runGit([...PLAIN, '--numstat', '-z', from, to], call);
  const diff = await runGit([...PLAIN, '-p', '--no-color', '--irreversible-delete', from, to], {
    ...call,
    mostOutput: MOST_BYTES,
  });
  return {
    files: lines.stdout.toString('utf8').split('\0').filter(Boolean).map(fileOf),
    text: diff.stdout.toString('utf8'),
    truncated: diff.truncated,
  };
}

/** `added TAB deleted TAB path`, with dashes for a binary file. */
function fileOf(record: string): TreeDiff['files'][number] {
  const [added = '', deleted = '', ...path] = record.split('\t');
  return { path: path.join('\t'), added: linesOf(added), deleted: linesOf(deleted) };
}

const linesOf = (count: string): number | null => (count === '-' ? null : Number(count));
