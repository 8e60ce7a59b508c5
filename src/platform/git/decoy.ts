import { copyFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeGitDirectory } from './bare-directory.ts';

/** An identity, so that an agent's own `git commit` works; what it commits is never read. */
const DECOY_CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
[user]
\tname = Flotilla
\temail = flotilla@localhost.invalid
`;

/**
 * Puts a small real repository at `tree/.git`, so that `git status`, `diff` and `log` work for commands and agents.
 * It has no remote, and we never read it again: untrusted code may write whatever it likes there.
 */
export async function makeDecoy(
  tree: string,
  source: { index: string; objects: string; branch: string; sha: string },
): Promise<void> {
  const path = join(tree, '.git');
  await makeGitDirectory(path, { alternates: [source.objects], config: DECOY_CONFIG, head: source.branch });
  await writeFile(
    join(path, 'packed-refs'),
    `# pack-refs with: peeled fully-peeled sorted \n${source.sha} refs/heads/${source.branch}\n`,
  );
  await copyIndex(source.index, join(path, 'index'));
}

/**
 * git trusts an entry's times only when they are older than the index file,
 * so a copy must not look younger than its original; the whole second is the safe side.
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  const { atimeMs, mtimeMs } = await stat(from);
  await utimes(to, atimeMs / 1000, Math.floor(mtimeMs / 1000));
}
