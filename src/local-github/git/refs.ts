import { GitError, gitText, runGit } from './run-git.ts';

export const zeroSha = '0'.repeat(40);

/** Full ref name → sha of every ref. */
export async function listRefs(gitDirectory: string, prefix = 'refs/'): Promise<Map<string, string>> {
  const text = await gitText(gitDirectory, ['for-each-ref', '--format=%(objectname) %(refname)', prefix]);
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) if (line !== '') refs.set(line.slice(41), line.slice(0, 40));
  return refs;
}

/** The commit that a branch, tag, full ref, HEAD or sha names; undefined when there is none. */
export async function resolveCommit(gitDirectory: string, revision: string): Promise<string | undefined> {
  if (revision.startsWith('-') || revision === '') return undefined;
  const spellings = revision.startsWith('refs/')
    ? [revision]
    : [`refs/heads/${revision}`, `refs/tags/${revision}`, revision];
  for (const spelling of spellings) {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${spelling}^{commit}`];
    const { stdout, code } = await runGit(gitDirectory, args, { accept: [1, 128] });
    if (code === 0) return stdout.toString().trim();
  }
  return undefined;
}

/** The tip of a branch; undefined when there is none. */
export function branchTip(gitDirectory: string, branch: string): Promise<string | undefined> {
  return resolveCommit(gitDirectory, `refs/heads/${branch}`);
}

export async function isValidRefName(ref: string): Promise<boolean> {
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

export async function isAncestor(gitDirectory: string, older: string, newer: string): Promise<boolean> {
  if (older === newer) return true;
  return (await runGit(gitDirectory, ['merge-base', '--is-ancestor', older, newer], { accept: [1] })).code === 0;
}

export async function mergeBase(gitDirectory: string, a: string, b: string): Promise<string | undefined> {
  const { stdout, code } = await runGit(gitDirectory, ['merge-base', a, b], { accept: [1] });
  return code === 0 ? stdout.toString().trim() : undefined;
}
