import { copyFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createRepositoryFiles } from '../../src/local-github/git/create-repository.ts';
import { gitText, runGit } from '../../src/local-github/git/run-git.ts';
import type { LocalGitHub } from '../../src/local-github/server.ts';

/** A bare repository of one commit that already holds the objects of the next one, which no branch names yet. */
export interface ReadyChange {
  base: { commit: string; tree: string; blob: string };
  next: { commit: string; tree: string; blob: string };
}

const WHO = 'ready <ready@users.noreply.github.com> 1777881600 +0000';
const READY = 'refs/heads/ready';

/** Gives every repository that has no commit this one, with objects that all share: thousands need no process of git. */
export async function fillWithReadyChange(github: LocalGitHub): Promise<ReadyChange> {
  const { state } = github.context;
  const [first, ...others] = state.repositories.where(({ empty }) => empty);
  if (first === undefined) throw new Error('There is no repository without a commit.');
  const folder = state.gitDirectory(first.id);
  const change = await makeReadyChange(folder);
  for (const { id } of others) {
    const copy = state.gitDirectory(id);
    await createRepositoryFiles(copy, 'main');
    await rm(join(copy, 'objects'), { recursive: true });
    await symlink(join(folder, 'objects'), join(copy, 'objects'));
    await copyFile(join(folder, 'refs/heads/main'), join(copy, 'refs/heads/main'));
  }
  state.transaction(() => {
    for (const { id } of [first, ...others]) state.repositories.update(id, { empty: false });
  });
  return change;
}

async function makeReadyChange(folder: string): Promise<ReadyChange> {
  await createRepositoryFiles(folder, 'main');
  const commit = (ref: string, text: string, from = '') =>
    `commit ${ref}\nauthor ${WHO}\ncommitter ${WHO}\ndata 6\nChange\n${from}M 100644 inline VERSION\ndata ${text.length}\n${text}\n`;
  const stream = `${commit('refs/heads/main', '1.0\n')}${commit(READY, '2.0\n', 'from refs/heads/main\n')}done\n`;
  await runGit(folder, ['fast-import', '--quiet', '--done', '--date-format=raw'], { input: stream });
  const of = async (ref: string) => {
    const shas = await gitText(folder, ['rev-parse', ref, `${ref}^{tree}`, `${ref}:VERSION`]);
    const [sha = '', tree = '', blob = ''] = shas.split('\n');
    return { commit: sha, tree, blob };
  };
  const change = { base: await of('refs/heads/main'), next: await of(READY) };
  await rm(join(folder, READY));
  return change;
}
