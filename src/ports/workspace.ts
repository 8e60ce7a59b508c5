/** Git as the worker sees it. Every method throws GitHubError for a token that it cannot have, and TaskFailure('clone' | 'push_rejected' | 'network' | 'permission' | 'not_found' | 'timeout'). */

import type { PatchFile } from '../core/patch.ts';

export interface WorkspaceRequest {
  installationId: number;
  fleetId: string;
  taskId: string;
  attempt: number;
  repositoryId: number;
  /** owner/name, as GitHub has it now. */
  repository: string;
  /** owner/name as the plan has it: the workspace's folder, which a rename must not move. */
  folder: string;
  /** null: the default branch. */
  baseBranch: string | null;
  defaultBranch: string;
  /** The fleet's branch; fetched beside the base when it exists. */
  branch: string;
  /** Where both were a moment ago, so that nobody has to ask; absent: the remote is asked. */
  heads?: { base: string; branch: string | null } | undefined;
}

/**
 * An isolated clone:
 * tree    the work tree that untrusted code writes; its .git is a decoy, never read by us
 * ctl     the control git directory (bare, --shared from the mirror), never visible to untrusted code
 * scratch our index
 */
export interface Workspace {
  /** Folder that holds the others. */
  path: string;
  tree: string;
  /** HOME and TMPDIR of untrusted children; neither in the tree nor shared with another task. */
  home: string;
  logs: string;
  /** Outputs of nodes that are too long for a variable, see `writeOutputs`. */
  outputs: string;
  /** Copies of other repositories, as `<owner>/<name>`, see `addSibling`; the folder may be missing. */
  siblings: string;
  /** The bare repository whose objects the clone borrows. */
  mirror: string;
  /** File in which the process groups of the task's commands are noted. */
  pids: string;
  baseBranch: string;
  /** The base commit, frozen when the workspace was made. */
  baseSha: string;
  baseTree: string;
  /** Head of the fleet's branch on the remote when fetched; null: there is none. */
  branchHead: string | null;
}

export interface ChangedFile {
  path: string;
  status: 'added' | 'modified' | 'deleted' | 'type_changed';
  oldMode: string;
  newMode: string;
  /** Blob of the old side; all zeros when added. */
  oldSha: string;
  /** Blob of the new side; all zeros when deleted. */
  sha: string;
  /** Bytes of the new blob; 0 when deleted. */
  size: number;
}

/** A change as people read it. */
export interface TreeDiff {
  files: readonly PatchFile[];
  /** As git prints it, with foreign text in it. */
  text: string;
  /** The text is only the first MiB. */
  truncated: boolean;
}

export interface Snapshot {
  tree: string;
  /** Against the base's tree. */
  changes: readonly ChangedFile[];
  /** Changed paths whose .gitattributes name a filter, symlinks that leave the tree, new or changed submodules, files on which git itself would wait; each with the reason. */
  refused: readonly { path: string; reason: string }[];
  /** By sha, what the changed files hold: all of them, or none where the change is a large one. */
  contents: ReadonlyMap<string, Uint8Array>;
}

export interface CommitRequest {
  tree: string;
  parent: string;
  message: string;
  author: { name: string; email: string };
  /** Epoch milliseconds. */
  at: number;
}

/** pushed: the remote has it. stale: the branch was not where expected. */
export type PushResult = { result: 'pushed' } | { result: 'stale'; head: string | null };

export interface CallOptions {
  /** Ends the git that runs; the method throws TaskFailure('cancelled'). */
  signal?: AbortSignal | undefined;
}

export interface Workspaces {
  /**
   * Fetches the mirror, checks the frozen base out. An existing workspace of the task is replaced, and what
   * still runs of an earlier attempt, after this process was killed, is ended first (as by `reopen` and `remove`).
   */
  prepare(request: WorkspaceRequest, options?: CallOptions): Promise<Workspace>;
  /** The workspace of an earlier attempt, as it stands; undefined when it is gone. */
  reopen(
    request: Pick<WorkspaceRequest, 'fleetId' | 'taskId' | 'repositoryId' | 'folder'>,
  ): Promise<Workspace | undefined>;
  /** Writes the files of another repository's branch to `<owner>/<name>` in `workspace.siblings`, a copy for reading. */
  addSibling(
    workspace: Workspace,
    sibling: { installationId: number; repositoryId: number; repository: string; branch: string },
    options?: CallOptions,
  ): Promise<void>;
  /** What the tree holds now. Call only when no process of the task lives. */
  snapshot(workspace: Workspace, options?: CallOptions): Promise<Snapshot>;
  /**
   * Brings the tree back to what `snapshot` saw then, but for ignored files. False: that cannot be done, and the workspace
   * is of no use any more. Call only when no process of the task lives.
   */
  restore(workspace: Workspace, tree: string, options?: CallOptions): Promise<boolean>;
  /** Makes each file anew in `workspace.outputs`, for commands to read; never writes through what lies there. */
  writeOutputs(workspace: Workspace, files: readonly { name: string; content: string }[]): Promise<void>;
  /** From the base's tree to one that `snapshot` wrote, as it listed them then; the work tree is not looked at. */
  changes(workspace: Workspace, tree: string): Promise<readonly ChangedFile[]>;
  /** From the base's tree to one that `snapshot` wrote; whole files that were deleted are not in its text. */
  diff(workspace: Workspace, tree: string, options?: CallOptions): Promise<TreeDiff>;
  /** What files hold, by the sha of each. */
  blobs(workspace: Workspace, shas: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** One commit object in ctl; its sha. */
  commit(workspace: Workspace, commit: CommitRequest): Promise<string>;
  /**
   * Tree, base and authors of what a remote branch head holds, so that the rerun table can be applied:
   * `tree` of head, `mergeBase` with the current base, and the commits between that are not the base's.
   */
  inspect(
    workspace: Workspace,
    head: string,
    options?: CallOptions,
  ): Promise<{
    tree: string;
    mergeBase: string | null;
    commits: readonly { sha: string; parents: readonly string[] }[];
  }>;
  /** By sha with an explicit lease; `expected` null: the branch must not exist. */
  push(
    workspace: Workspace,
    push: {
      installationId: number;
      repositoryId: number;
      repository: string;
      branch: string;
      sha: string;
      expected: string | null;
      /** Whether it changes files under .github/workflows; not when absent. */
      workflows?: boolean;
    },
    options?: CallOptions,
  ): Promise<PushResult>;
  /**
   * Deletes a branch that is still at `expected`; needs no workspace. One that is not there counts as deleted, also when
   * an earlier call did it and its answer was lost.
   */
  deleteBranch(
    at: { installationId: number; repositoryId: number; repository: string; branch: string; expected: string },
    options?: CallOptions,
  ): Promise<{ result: 'deleted' } | { result: 'moved'; head: string }>;
  /**
   * Removes the workspace and releases its hold on the mirror. `prepare`, `reopen` and this take turns on a folder, and
   * `mayGo` is asked when the turn has come: false leaves it, as another worker may have made it anew in the meantime.
   * @param options.keep whether what the task left untouched of the checkout stays for the repository's next task; not
   *   when absent, nor where the file system has little left. Whoever removes for want of room keeps nothing: it would make none
   * @returns whether it was removed
   */
  remove(
    of: Pick<WorkspaceRequest, 'fleetId' | 'taskId' | 'repositoryId' | 'folder'>,
    mayGo?: () => Promise<boolean>,
    options?: { keep: boolean },
  ): Promise<boolean>;
  /** The same for a folder of which nobody knows the task; nothing of it is kept. */
  removeOrphan(of: Pick<WorkspaceRequest, 'fleetId' | 'folder'>, mayGo: () => Promise<boolean>): Promise<boolean>;
  /**
   * Removes the repository's mirror as a whole, unless a workspace borrows from it; the next clone makes it anew.
   * @param lives whether a task still has its workspace
   * @returns whether it was removed
   */
  removeMirror(repositoryId: number, lives: (taskId: string) => Promise<boolean>): Promise<boolean>;
  /** Removes what a task left of the repository's files for the next one. @returns whether there was something */
  removeKeptTree(repositoryId: number): Promise<boolean>;
  /** Removes what a killed process left of mirrors and kept trees that it was removing. Call while nobody removes one. */
  removeHalfRemoved(): Promise<void>;
}
