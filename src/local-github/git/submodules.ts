import { runGit } from './run-git.ts';

/** The address of the submodule at a path, from the commit's `.gitmodules`; undefined when it is not written there. */
export async function submoduleUrl(gitDirectory: string, commit: string, path: string): Promise<string | undefined> {
  const keys = '^submodule\\..*\\.(path|url)$';
  const args = ['config', `--blob=${commit}:.gitmodules`, '--null', '--get-regexp', keys];
  // 1: no such key; 128: no such file.
  const { stdout } = await runGit(gitDirectory, args, { accept: [1, 128] });
  const values = new Map(
    stdout
      .toString()
      .split('\0')
      .map((line): [string, string] => [line.slice(0, line.indexOf('\n')), line.slice(line.indexOf('\n') + 1)]),
  );
  for (const [key, value] of values) {
    if (value === path && key.endsWith('.path')) return values.get(key.replace(/\.path$/, '.url'));
  }
  return undefined;
}
