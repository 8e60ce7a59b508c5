/** Bytes; a longer path could be checked out nowhere, and starting git with it fails. */
const LONGEST_PATH = 4096;

/** Whether something can lie at this path of a tree: no empty part, `.`, `..` or `.git` in any spelling, no NUL. */
export function isTreePath(path: string): boolean {
  if (path.includes('\0') || !path.isWellFormed() || Buffer.byteLength(path) > LONGEST_PATH) return false;
  return path.split('/').every((part) => !/^(\.{0,2}|\.git)$/i.test(part));
}
