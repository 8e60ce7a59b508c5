/** What a preview would push, made readable. */
import { createHash } from 'node:crypto';

/** One file of a patch; lines are null for one that has no lines: it is binary. */
export interface PatchFile {
  path: string;
  added: number | null;
  deleted: number | null;
}

export interface PatchStat {
  files: number;
  added: number;
  deleted: number;
}

export function statOf(files: readonly PatchFile[]): PatchStat {
  const sum = (counts: readonly (number | null)[]): number => counts.reduce<number>((all, one) => all + (one ?? 0), 0);
  return { files: files.length, added: sum(files.map((f) => f.added)), deleted: sum(files.map((f) => f.deleted)) };
}

interface ChangedBlob {
  path: string;
  status: 'added' | 'modified' | 'deleted' | 'type_changed';
  newMode: string;
  oldSha: string;
  sha: string;
}

/**
 * SHA-256, hex, equal where a reader would see the same change: the lines around it count, the rest of the files does not.
 * What a diff does not show counts by its blobs: binary files, the lines of a deleted file or link, what is beyond the end of the
 * text; and all of a diff with bytes that are no UTF-8, as different ones read alike in it.
 */
export function patchDigest(
  diff: { text: string; truncated: boolean; files: readonly PatchFile[] },
  changes: readonly ChangedBlob[],
): string {
  const whole = !diff.truncated && !diff.text.includes(NO_UTF_8);
  const shown = new Set(whole ? diff.files.flatMap(({ path, added }) => (added === null ? [] : [path])) : []);
  const blobs = changes.flatMap(({ path, status, newMode, oldSha, sha }) =>
    shown.has(path) && status !== 'deleted' && status !== 'type_changed' ? [] : [[path, newMode, oldSha, sha]],
  );
  return createHash('sha256')
    .update(JSON.stringify([withoutIndexLines(diff.text), blobs]))
    .digest('hex');
}

/** What decoding puts in the place of such bytes. */
const NO_UTF_8 = '\ufffd';

const INDEX_LINE = /^index [0-9a-f]+\.\.[0-9a-f]+/;

/**
 * They name blobs, so that the same change of two repositories would differ. No line of a file begins like them; only a
 * newline ends a line of a diff, which to an expression other characters do too.
 */
export function withoutIndexLines(diff: string): string {
  return diff
    .split('\n')
    .filter((line) => !INDEX_LINE.test(line))
    .join('\n');
}
