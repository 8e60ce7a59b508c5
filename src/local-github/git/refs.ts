import { rememberFacts } from './facts.ts';
import { readRef, readRefs } from './ref-files.ts';
import { GitError, runGit } from './run-git.ts';

export const zeroSha = '0'.repeat(40);

/** Full ref name → sha of every ref. */
export function listRefs(gitDirectory: string, prefix = 'refs/'): Promise<Map<string, string>> {
  return readRefs(gitDirectory, prefix);
}

const commits = rememberFacts<string | undefined>(5_000, (found) => found !== undefined);

/** The commit that a branch, tag, full ref, HEAD or sha names; undefined when there is none. */
export async function resolveCommit(gitDirectory: string, revision: string): Promise<string | undefined> {
  if (revision.startsWith('-') || revision === '' || revision.includes('\0')) return undefined;
  const spellings = revision.startsWith('refs/') ? [revision] : [`refs/heads/${revision}`, `refs/tags/${revision}`];
  for (const spelling of spellings) {
    const sha = await readRef(gitDirectory, spelling);
    // git itself lets a branch be at a commit only; a tag may be at anything.
    const known = sha === undefined || spelling.startsWith('refs/heads/');
    const commit = known ? sha : await commitOf(gitDirectory, sha);
    if (commit !== undefined) return commit;
  }
  return revision.startsWith('refs/') ? undefined : commitOf(gitDirectory, revision);
}

/** Of a sha (whole or short, of a commit or an annotated tag), or of what else git understands. */
function commitOf(gitDirectory: string, revision: string): Promise<string | undefined> {
  return commits(gitDirectory, [revision], async () => {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
    const { stdout, code } = await runGit(gitDirectory, args, { accept: [1, 128] });
    return code === 0 ? stdout.toString().trim() : undefined;
  });
}

/** The tip of a branch; undefined when there is none. */
export function branchTip(gitDirectory: string, branch: string): Promise<string | undefined> {
  return resolveCommit(gitDirectory, `refs/heads/${branch}`);
}

export async function isValidRefName(ref: string): Promise<boolean> {
  if (ref.includes('\0')) return false;
  return (await runGit(null, ['check-ref-format', ref], { accept: [1, 129] })).code === 0;
}

/**
 * Compare-and-swap of a ref. `to` null deletes; `from` null means that it must not exist.
 * @returns false when the ref was not at `from`.
 */
export async function moveRef(
  gitDirectory: string,
  ref: string,
  to: string | null,
  from: string | null,
): Promise<boolean> {
  const args =
    to === null ? ['update-ref', '-d', ref, from ?? zeroSha] : ['update-ref', '--', ref, to, from ?? zeroSha];
  try {
    await runGit(gitDirectory, args);
    return true;
  } catch (error) {
    if (error instanceof GitError && /cannot lock ref|already exists|is at .* but expected/.test(error.stderr))
      return false;
    throw error;
  }
}

/** @param older whole sha of a commit or of an annotated tag */
export async function isAncestor(gitDirectory: string, older: string, newer: string): Promise<boolean> {
  const base = await mergeBase(gitDirectory, older, newer);
  return base === older || (base !== undefined && base === (await commitOf(gitDirectory, older)));
}

const mergeBases = rememberFacts<string | undefined>(5_000);

/** The same for both orders; where history criss-crosses, one of the best. */
export async function mergeBase(gitDirectory: string, a: string, b: string): Promise<string | undefined> {
  if (a === b) return a;
  const pair = [a, b].sort();
  return mergeBases(gitDirectory, pair, async () => {
    const { stdout, code } = await runGit(gitDirectory, ['merge-base', ...pair], { accept: [1] });
    return code === 0 ? stdout.toString().trim() : undefined;
  });
}
