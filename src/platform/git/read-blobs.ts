import type { GitPlace } from './git-box.ts';
import { runGit } from './run-git.ts';

/**
 * Contents by sha, all in one call.
 * @throws GitError; Error for an object that is missing or no blob
 * @see https://git-scm.com/docs/git-cat-file for what `--batch` answers: `<sha> <type> <size>`, the content, a newline
 */
export async function readBlobs(place: GitPlace, shas: readonly string[]): Promise<Map<string, Uint8Array>> {
  const wanted = [...new Set(shas)];
  const found = new Map<string, Uint8Array>();
  if (wanted.length === 0) return found;
  const { stdout } = await runGit(['cat-file', '--batch'], { ...place, input: `${wanted.join('\n')}\n` });
  let at = 0;
  for (const sha of wanted) {
    const end = stdout.indexOf('\n', at);
    const head = stdout.toString('latin1', at, end);
    const size = /^[0-9a-f]{40} blob (\d+)$/.exec(head)?.[1];
    if (size === undefined || !head.startsWith(sha)) throw new Error(`There is no blob ${sha}: ${head}`);
    const start = end + 1;
    at = start + Number(size);
    found.set(sha, stdout.subarray(start, at));
    at += 1;
  }
  return found;
}
