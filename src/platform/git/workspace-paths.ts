import { join } from 'node:path';
import { TaskFailure } from '../../core/failures.ts';

export interface WorkspacePaths {
  path: string;
  tree: string;
  ctl: string;
  scratch: string;
  /** The index of the base, with the times of what was checked out; never changed afterwards. */
  index: string;
  home: string;
  outputs: string;
  /** Copies of other repositories, `<owner>/<name>`. */
  siblings: string;
  /** The process groups that were started for this workspace. */
  pids: string;
  /** What the workspace was made from; beside the tree, so untrusted code in a box never sees it. */
  record: string;
  /** What may be kept of the checkout for the repository's next task, see `kept-tree.ts`. */
  checkedOut: string;
}

/** @throws TaskFailure('internal') for a name that could leave the data directory. */
export function workspacePaths(dataDir: string, fleetId: string, repository: string): WorkspacePaths {
  const [owner, name, ...rest] = repository.split('/');
  const parts = [safeName(fleetId), safeName(owner ?? ''), safeName(name ?? '')];
  if (rest.length > 0) throw new TaskFailure('internal', `"${repository}" is no owner/name.`);
  return pathsIn(join(dataDir, 'workspaces', ...parts));
}

/** The places of a workspace whose folder is known. */
export function pathsIn(path: string): WorkspacePaths {
  return {
    path,
    tree: join(path, 'tree'),
    ctl: join(path, 'ctl'),
    scratch: join(path, 'scratch'),
    index: join(path, 'scratch', 'index'),
    home: join(path, 'home'),
    outputs: join(path, 'outputs'),
    siblings: join(path, 'siblings'),
    pids: join(path, 'pids'),
    record: join(path, 'workspace.json'),
    checkedOut: join(path, 'checked-out'),
  };
}

export function mirrorPath(dataDir: string, repositoryId: number): string {
  if (!Number.isSafeInteger(repositoryId) || repositoryId <= 0) {
    throw new TaskFailure('internal', `${repositoryId} is no repository id.`);
  }
  return join(dataDir, 'mirrors', `${repositoryId}.git`);
}

/** What a task left untouched of the repository's files, for the next one. */
export const keptTreePath = (dataDir: string, repositoryId: number): string =>
  mirrorPath(dataDir, repositoryId).replace(/\.git$/, '.tree');

/** One path component, also safe as the last component of a ref. */
export function safeName(name: string): string {
  if (!/^[A-Za-z0-9_.-]{1,200}$/.test(name) || name === '.' || name === '..') {
    throw new TaskFailure('internal', `"${name}" cannot be the name of a folder.`);
  }
  return name;
}

/** Rules of git-check-ref-format(1), so that a branch can be neither an option nor a second refspec. */
export function checkBranch(branch: string): string {
  const bad =
    branch === '' ||
    branch.startsWith('-') ||
    /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\.lock(?:\/|$)|(?:^|\/)\.|[./]$|^\/|^@$/u.test(branch);
  if (bad) throw new TaskFailure('config', `"${branch}" cannot be the name of a branch.`);
  return branch;
}
