import { chmod, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Removes a folder whatever its content's modes say: a module cache, say, makes its folders read-only. */
export async function removeFolder(path: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 3 };
  try {
    await rm(path, options);
  } catch {
    await makeWritable(path);
    await rm(path, options);
  }
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
