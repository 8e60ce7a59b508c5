import { join, resolve } from 'node:path';
import { type FailureCategory, TaskFailure } from '../../core/failures.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Sandbox } from '../../ports/sandbox.ts';
import type { CallOptions, Workspace, WorkspaceRequest, Workspaces } from '../../ports/workspace.ts';
import { freeForFiles } from '../disk/free-bytes.ts';
import { writeFreshFile } from '../process/fresh-file.ts';
import { writeCommit } from './commit.ts';
import { deleteBranch } from './delete-branch.ts';
import { type GitGround, inObjects } from './git-box.ts';
import { locally, toTaskFailure } from './git-failure.ts';
import { hasCommit, inspectHead } from './inspect.ts';
import { removeKeptTree } from './kept-tree.ts';
import { makeWorkspace, reopenWorkspace } from './make-workspace.ts';
import { fetchCommit, repairMirror } from './mirror.ts';
import { createKeyedLock } from './mirror-lock.ts';
import { pushCommit } from './push.ts';
import type { Pause } from './read-again.ts';
import { readBlobs } from './read-blobs.ts';
import { type GitHubForGit, openRemote, type RemoteRepository } from './remote.ts';
import { createMirrorReaders, removeMirror } from './remove-mirror.ts';
import { removeHalfRemoved, removeWorkspace } from './remove-workspace.ts';
import { restoreTree } from './restore.ts';
import { checkoutSibling } from './siblings.ts';
import { takeSnapshot } from './snapshot.ts';
import { readTreeChanges } from './tree-changes.ts';
import { readTreeDiff } from './tree-diff.ts';
import { checkBranch, keptTreePath, mirrorPath, pathsIn, safeName } from './workspace-paths.ts';
import { readRecord } from './workspace-record.ts';

/**
 * Workspaces under `<dataDir>/workspaces`, borrowing from the mirrors under `<dataDir>/mirrors`.
 * @param options.sandbox boxes our git wherever it reads what others wrote
 * @param options.freeBytes what the file system of a folder has left, in bytes; default: as the system tells
 * @param options.dataDir one process per data directory, the locks of folders and mirrors live in this process
 */
export function createWorkspaces(options: {
  dataDir: string;
  github: GitHubForGit;
  clock: Clock;
  log: Log;
  sandbox: Sandbox;
  pause?: Pause;
  freeBytes?: (path: string) => Promise<number>;
  /** See RemoteHost. */
  gitTimeoutMs?: number;
  /** Types of file systems on which trees are kept; default: TIME_KEEPING. */
  keptOn?: ReadonlySet<number>;
}): Workspaces {
  const { log, sandbox } = options;
  const dataDir = resolve(options.dataDir);
  const mirrors = createKeyedLock();
  const folders = createKeyedLock();
  const readers = createMirrorReaders();
  const groundOf = ({ path, mirror }: Pick<Workspace, 'path' | 'mirror'>): GitGround => ({
    paths: pathsIn(path),
    mirror,
    sandbox,
  });
  const parts = { dataDir, folders, mirrors };
  /** Without boxes what a task started may live on and write to what it has open, and without a filter it may exchange blocks. */
  const keeping = sandbox.filtered
    ? {
        keptTreeOf: (repositoryId: number) => keptTreePath(dataDir, repositoryId),
        freeBytes: options.freeBytes ?? freeForFiles,
        log,
      }
    : null;
  const ground = { ...options, ...parts, keptTreeOf: keeping?.keptTreeOf ?? null };
  const objectsOf = (workspace: Workspace) => inObjects(groundOf(workspace));

  async function prepare(request: WorkspaceRequest, { signal }: CallOptions = {}): Promise<Workspace> {
    try {
      return await makeWorkspace(ground, request, signal);
    } catch (error) {
      throw toTaskFailure(error, `Cannot clone ${request.repository}`, stoppedOr('clone', signal));
    }
  }

  async function addSibling(
    workspace: Workspace,
    sibling: RemoteRepository & { branch: string },
    { signal }: CallOptions = {},
  ): Promise<void> {
    try {
      const remote = openRemote(options, sibling, 'read', signal);
      const source = { mirror: mirrorPath(dataDir, sibling.repositoryId), lock: mirrors, remote, sandbox };
      const wanted = { repository: sibling.repository, branch: checkBranch(sibling.branch) };
      await readers.reading(source.mirror, () => checkoutSibling(pathsIn(workspace.path), source, wanted, signal));
    } catch (error) {
      throw toTaskFailure(error, `Cannot read the sibling ${sibling.repository}`, stoppedOr('clone', signal));
    }
  }

  async function inspect(workspace: Workspace, head: string, { signal }: CallOptions = {}) {
    const objects = objectsOf(workspace);
    try {
      if (!(await hasCommit(objects, head))) {
        const record = await readRecord(pathsIn(workspace.path).record);
        if (record === undefined) throw new TaskFailure('internal', `${workspace.path} has no record.`);
        const mirror = mirrorPath(dataDir, record.repositoryId);
        const remote = openRemote(options, record, 'read', signal);
        await fetchCommit(mirror, mirrors, remote, { taskId: record.taskId, sha: head }, signal);
      }
      return await inspectHead(objects, head, workspace.baseSha);
    } catch (error) {
      throw toTaskFailure(error, `Cannot read commit ${head}`, stoppedOr('clone', signal));
    }
  }

  return {
    prepare,
    reopen: (request) => reopenWorkspace(ground, request),
    inspect,
    addSibling,
    snapshot: (workspace, { signal } = {}) =>
      locally('Cannot read the working tree', 'internal', () =>
        takeSnapshot(groundOf(workspace), workspace.baseTree, { log, signal }),
      ),
    restore: (workspace, tree, { signal } = {}) =>
      locally('Cannot bring the working tree back', 'internal', () => {
        const ground = groundOf(workspace);
        const take = () => takeSnapshot(ground, workspace.baseTree, { log, signal });
        return restoreTree(ground, tree, take, signal);
      }),
    changes: (workspace, tree) =>
      locally('Cannot read the change', 'internal', () =>
        readTreeChanges(objectsOf(workspace), workspace.baseTree, tree),
      ),
    diff: (workspace, tree, { signal } = {}) =>
      locally('Cannot read the change', 'internal', () =>
        readTreeDiff(objectsOf(workspace), workspace.baseTree, tree, signal),
      ),
    blobs: (workspace, shas) =>
      locally('Cannot read changed files', 'internal', () => readBlobs(objectsOf(workspace), shas)),
    commit: (workspace, request) =>
      locally('Cannot write the commit', 'internal', () =>
        writeCommit(join(pathsIn(workspace.path).ctl, 'objects'), request),
      ),
    push: async (workspace, push, { signal } = {}) => {
      try {
        const mirror = mirrorPath(dataDir, push.repositoryId);
        const remote = openRemote(options, push, push.workflows === true ? 'workflows' : 'write', signal);
        await repairMirror(mirror, mirrors, signal);
        return await pushCommit(pathsIn(workspace.path), mirror, remote, push);
      } catch (error) {
        throw toTaskFailure(error, `Cannot push to ${push.repository}`, 'push_rejected');
      }
    },
    deleteBranch: async (at, { signal } = {}) => {
      try {
        // One place for each deletion, so that what a killed process left is not left for ever.
        const gitDir = join(dataDir, 'deletions', safeName(`${at.repositoryId}-${at.expected}`));
        return await deleteBranch(gitDir, openRemote(options, at, 'write', signal), at);
      } catch (error) {
        throw toTaskFailure(error, `Cannot delete a branch of ${at.repository}`, 'push_rejected');
      }
    },
    writeOutputs: (workspace, files) =>
      locally('Cannot write the outputs of nodes', 'internal', async () => {
        const { outputs } = pathsIn(workspace.path);
        for (const { name, content } of files) writeFreshFile(join(outputs, safeName(name)), content);
      }),
    remove: (target, mayGo = () => Promise.resolve(true), { keep } = { keep: false }) =>
      locally(`Cannot remove the workspace of ${target.folder}`, 'internal', () =>
        removeWorkspace({ ...parts, keeping: keep ? keeping : null }, target, target, mayGo),
      ),
    removeOrphan: (place, mayGo) =>
      locally(`Cannot remove the folder of ${place.folder}`, 'internal', () =>
        removeWorkspace({ ...parts, keeping: null }, place, null, mayGo),
      ),
    removeMirror: (repositoryId, lives) =>
      locally(`Cannot remove the mirror of repository ${repositoryId}`, 'internal', () =>
        removeMirror(mirrorPath(dataDir, repositoryId), { lock: mirrors, readers }, lives),
      ),
    removeKeptTree: (repositoryId) =>
      locally(`Cannot remove the kept tree of repository ${repositoryId}`, 'internal', () =>
        removeKeptTree(keptTreePath(dataDir, repositoryId)),
      ),
    removeHalfRemoved: () =>
      locally('Cannot remove what is left of mirrors', 'internal', () => removeHalfRemoved(dataDir)),
  };
}

/** Whatever an operation says after its signal aborted, it was stopped. */
function stoppedOr(category: FailureCategory, signal: AbortSignal | undefined): FailureCategory {
  return signal?.aborted === true ? 'cancelled' : category;
}
