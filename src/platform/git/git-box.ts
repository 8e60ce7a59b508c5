import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mount, Sandbox } from '../../ports/sandbox.ts';
import type { WorkspacePaths } from './workspace-paths.ts';

/** Zone C of the architecture: where our git reads what others wrote. No network, no token, and of the disk only the mounts. */
export interface GitBox {
  sandbox: Sandbox;
  mounts: readonly Mount[];
}

/** A git directory, and the box in which our git works on it. */
export interface GitPlace {
  gitDir: string;
  box: GitBox;
}

/** A workspace, the mirror that it borrows from, and what boxes are made by. */
export interface GitGround {
  paths: WorkspacePaths;
  mirror: string;
  sandbox: Sandbox;
}

/** The objects and indexes of a workspace, without its tree. */
export function inObjects({ paths, mirror, sandbox }: GitGround): GitPlace {
  return { gitDir: paths.ctl, box: { sandbox, mounts: controlMounts(paths, mirror) } };
}

/** The same with the tree, but for its `.git`, which is never ours to read. */
export async function inTree(
  { paths, mirror, sandbox }: GitGround,
  access: 'read' | 'write',
): Promise<GitPlace & { workTree: string }> {
  const { ctl, tree } = paths;
  const mounts: Mount[] = [...controlMounts(paths, mirror), { path: tree, access }];
  const decoy = join(tree, '.git');
  // By lstat: over a link the mount would land where the link leads.
  const stats = await lstat(decoy).catch(() => null);
  if (stats?.isDirectory() === true) mounts.push({ path: decoy, access: 'empty' });
  return { gitDir: ctl, workTree: tree, box: { sandbox, mounts } };
}

/** A folder to which files of a mirror are written. */
export function inMirror(
  { paths, mirror, sandbox }: Omit<GitGround, 'paths'> & { paths: Pick<WorkspacePaths, 'scratch'> },
  folder: string,
): GitPlace & { workTree: string } {
  const mounts: Mount[] = [
    { path: mirror, access: 'read' },
    { path: paths.scratch, access: 'write' },
    { path: folder, access: 'write' },
  ];
  return { gitDir: mirror, workTree: folder, box: { sandbox, mounts } };
}

/** Of the control directory git may write objects alone; `objects/info` says where else it reads them. */
function controlMounts({ ctl, scratch }: WorkspacePaths, mirror: string): Mount[] {
  return [
    { path: mirror, access: 'read' },
    { path: ctl, access: 'read' },
    { path: join(ctl, 'objects'), access: 'write' },
    { path: join(ctl, 'objects', 'info'), access: 'read' },
    { path: scratch, access: 'write' },
  ];
}
