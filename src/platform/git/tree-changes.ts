import type { ChangedFile } from '../../ports/workspace.ts';
import type { GitPlace } from './git-box.ts';
import { runGit } from './run-git.ts';

export type UnsizedChange = Omit<ChangedFile, 'size'>;

const LINK_TO_COMMIT = '160000';
const NO_MODE = '000000';

/** What changed from one tree to the other, read from the objects alone; renames appear as deleted and added. */
export async function readTreeChanges(place: GitPlace, from: string, to: string): Promise<ChangedFile[]> {
  const changes = await listTreeChanges(place, from, to);
  return withSizes(changes, await readSizes(place, blobsOf(changes)));
}

/** The same without a look at the blobs. */
export async function listTreeChanges(place: GitPlace, from: string, to: string): Promise<UnsizedChange[]> {
  const { stdout } = await runGit(
    ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-ext-diff', '--no-textconv', '--no-renames', from, to],
    place,
  );
  const fields = stdout.toString('utf8').split('\0');
  const changes: UnsizedChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode, newMode, oldSha, sha, status] = (fields[at] ?? '').replace(/^:/, '').split(' ');
    const path = fields[at + 1];
    if (
      oldMode === undefined ||
      newMode === undefined ||
      oldSha === undefined ||
      sha === undefined ||
      path === undefined
    ) {
      throw new Error(`diff-tree said something unexpected: ${fields[at]}`);
    }
    changes.push({ path, status: statusOf(status ?? ''), oldMode, newMode, oldSha, sha });
  }
  return changes;
}

/** @param sizes in bytes, of each blob of the changes */
export const withSizes = (changes: readonly UnsizedChange[], sizes: ReadonlyMap<string, number>): ChangedFile[] =>
  changes.map((change) => ({ ...change, size: hasBlob(change) ? (sizes.get(change.sha) ?? 0) : 0 }));

export const blobsOf = (changes: readonly UnsizedChange[]): string[] => changes.filter(hasBlob).map(({ sha }) => sha);

export const isSubmodule = (change: Pick<ChangedFile, 'oldMode' | 'newMode'>): boolean =>
  change.oldMode === LINK_TO_COMMIT || change.newMode === LINK_TO_COMMIT;

const hasBlob = (change: Pick<ChangedFile, 'newMode'>): boolean =>
  change.newMode !== NO_MODE && change.newMode !== LINK_TO_COMMIT;

function statusOf(letter: string): ChangedFile['status'] {
  switch (letter) {
    case 'A':
      return 'added';
    case 'M':
      return 'modified';
    case 'D':
      return 'deleted';
    case 'T':
      return 'type_changed';
    default:
      throw new Error(`diff-tree named a change "${letter}".`);
  }
}

async function readSizes(place: GitPlace, shas: readonly string[]): Promise<Map<string, number>> {
  if (shas.length === 0) return new Map();
  const { stdout } = await runGit(['cat-file', '--batch-check=%(objectname) %(objectsize)'], {
    ...place,
    input: `${[...new Set(shas)].join('\n')}\n`,
  });
  const lines = stdout.toString('utf8').trimEnd().split('\n');
  return new Map(lines.map((line) => line.split(' ')).map(([sha, size]) => [sha ?? '', Number(size)]));
}
