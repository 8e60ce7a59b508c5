import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes an empty git directory by hand: no template, no hook, nothing but what is written here.
 * `alternates` are object folders (absolute) that it reads from.
 */
export async function makeGitDirectory(
  path: string,
  options: { alternates: readonly string[]; config: string; head?: string },
): Promise<void> {
  await mkdir(join(path, 'objects', 'info'), { recursive: true });
  await Promise.all([mkdir(join(path, 'refs'), { recursive: true }), mkdir(join(path, 'info'), { recursive: true })]);
  await Promise.all([
    writeFile(join(path, 'HEAD'), `ref: refs/heads/${options.head ?? 'none'}\n`),
    writeFile(join(path, 'config'), options.config),
    writeFile(join(path, 'objects', 'info', 'alternates'), options.alternates.map((folder) => `${folder}\n`).join('')),
  ]);
}

export const BARE_CONFIG = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n';
