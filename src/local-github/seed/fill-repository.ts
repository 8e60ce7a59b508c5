import { resolve } from 'node:path';
import { createRepositoryFiles } from '../git/create-repository.ts';
import { foreignRepository, GitError, gitText, runGit } from '../git/run-git.ts';
import type { RepositorySeed } from './seed.ts';

/** Makes the bare repository and its first commit, or a copy of another repository's HEAD. @throws Error that names the repository */
export async function fillRepository(
  gitDirectory: string,
  fullName: string,
  written: RepositorySeed,
  now: number,
): Promise<{ defaultBranch: string; empty: boolean }> {
  try {
    if (written.from !== undefined) return await copyHead(gitDirectory, resolve(written.from), written.default_branch);
    const defaultBranch = written.default_branch ?? 'main';
    await createRepositoryFiles(gitDirectory, defaultBranch);
    const files = Object.entries(written.files ?? {});
    if (files.length > 0) await importFiles(gitDirectory, defaultBranch, files, now);
    return { defaultBranch, empty: files.length === 0 };
  } catch (error) {
    if (error instanceof GitError) throw new Error(`${fullName} cannot be seeded: ${error.message}`);
    throw error;
  }
}

/** Only reads the original: its hooks and its configuration for work trees play no part in a fetch, nor do its remotes. */
async function copyHead(gitDirectory: string, from: string, wanted: string | undefined) {
  const reading = { env: foreignRepository, accept: [1] };
  const head = await runGit(null, ['-C', from, 'symbolic-ref', '--quiet', '--short', 'HEAD'], reading);
  const current = head.code === 0 ? head.stdout.toString().trim() : 'main';
  const defaultBranch = wanted ?? current;
  await createRepositoryFiles(gitDirectory, defaultBranch);
  const born = await runGit(null, ['-C', from, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], reading);
  if (born.code !== 0) return { defaultBranch, empty: true };
  await gitText(gitDirectory, [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-recurse-submodules',
    '--update-shallow',
    `--upload-pack=env ${Object.entries(foreignRepository)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')} git upload-pack`,
    from,
    `+HEAD:refs/heads/${defaultBranch}`,
  ]);
  return { defaultBranch, empty: false };
}

type Files = [string, NonNullable<RepositorySeed['files']>[string]][];

/** One process for any number of files. */
async function importFiles(gitDirectory: string, branch: string, files: Files, now: number): Promise<void> {
  const who = `local-github <local-github@users.noreply.github.com> ${Math.floor(now / 1000)} +0000`;
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const changes = files.map(([path, file]) => {
    const { text, executable = false } = typeof file === 'string' ? { text: file } : file;
    return `M ${executable ? '100755' : '100644'} inline ${JSON.stringify(path)}\n${data(text)}`;
  });
  const stream = `commit refs/heads/${branch}\nauthor ${who}\ncommitter ${who}\n${data('Initial commit')}${changes.join('')}\ndone\n`;
  await runGit(gitDirectory, ['fast-import', '--quiet', '--force', '--done', '--date-format=raw'], { input: stream });
}
