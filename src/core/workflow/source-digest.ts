import { createHash } from 'node:crypto';
import type { WorkflowSource } from './types.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Of the text; where it names files or workflows, of all of them together. */
export function sourceDigest({ text, files, includes }: Pick<WorkflowSource, 'text' | 'files' | 'includes'>): string {
  const beside = Object.entries(files).map(([path, content]) => [path, sha256(content)]);
  const included = Object.entries(includes).map(([name, source]) => [name, source.digest]);
  if (beside.length + included.length === 0) return sha256(text);
  const sorted = (pairs: string[][]): string[][] =>
    pairs.toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1));
  return sha256(JSON.stringify([sha256(text), sorted(beside), sorted(included)]));
}
