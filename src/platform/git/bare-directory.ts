import { mkdir, rename, writeFile } from 'node:fs/promises';
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
    writeWhole(join(path, 'HEAD'), `ref: refs/heads/${options.head ?? 'none'}\n`),
    writeWhole(join(path, 'config'), options.config),
    writeWhole(join(path, 'objects', 'info', 'alternates'), options.alternates.map((folder) => `${folder}\n`).join('')),
  ]);
}

/** A process that is killed in between leaves no file that is there and empty. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

export const BARE_CONFIG = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n';
