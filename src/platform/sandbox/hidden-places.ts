import { realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Mount } from '../../ports/sandbox.ts';

/** Nothing in the place of a file or a folder of the server, for `boxArguments`. */
export interface HiddenPlace {
  path: string;
  access: 'no-file' | 'no-folder';
}

interface Hidden {
  /** Without links. */
  path: string;
  isFolder: boolean;
}

/** What the server keeps for itself. A place that does not exist by now cannot be in a box either. */
export function readHidden(paths: readonly string[]): Hidden[] {
  return paths.flatMap((path) => {
    const real = realPath(path);
    return real === null ? [] : [{ path: real, isFolder: statSync(real).isDirectory() }];
  });
}

/** After each folder that a box sees, what of it it shall not see: `/usr/src/app` lies in `/usr`. */
export function hideWithin(mounts: readonly Mount[], hidden: readonly Hidden[]): (Mount | HiddenPlace)[] {
  return mounts.flatMap((mount) => [mount, ...hiddenIn(mount.path, hidden)]);
}

/** Those within the folder, by the names that they have there. */
export function hiddenIn(folder: string, hidden: readonly Hidden[]): HiddenPlace[] {
  const real = hidden.length === 0 ? null : realPath(folder);
  if (real === null) return [];
  return hidden.flatMap(({ path, isFolder }) => {
    const within = relative(real, path);
    if (within === '' || within === '..' || within.startsWith('../')) return [];
    return [{ path: join(folder, within), access: isFolder ? 'no-folder' : 'no-file' } as const];
  });
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
