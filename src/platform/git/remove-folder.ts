import { chmod, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** Removes a folder whatever its content's modes say and however deep it is: a module cache, say, makes its folders read-only. */
export async function removeFolder(path: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 3 };
  try {
    await rm(path, options);
  } catch {
    await makeWritable(path);
    await rm(path, options).catch(() => removeBySystem(path));
  }
}

/** Node names every file by its whole path, which the system cuts at 4096 bytes; chmod and rm walk from folder to folder. */
async function removeBySystem(path: string): Promise<void> {
  const options = { extendEnv: false, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, cwd: '/' };
  // What is gone or foreign by now does not matter: rm says what stays.
  await execa('chmod', ['-R', 'u+rwx', '--', path], { ...options, reject: false });
  await execa('rm', ['-rf', '--', path], options);
}

/** Removes the folders above `path` that are empty now, up to but without `root`. */
export async function removeEmptyParents(path: string, root: string): Promise<void> {
  for (let folder = dirname(path); folder.startsWith(`${root}/`); folder = dirname(folder)) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(() => undefined);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}
