import { mkdir } from 'node:fs/promises';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Sandbox } from '../../ports/sandbox.ts';
import type { Workspace, WorkspaceRequest } from '../../ports/workspace.ts';
import { logFolder } from '../logs/log-folders.ts';
import { killRecordedGroups } from '../process/recorded-groups.ts';
import { checkout } from './checkout.ts';
import { TIME_KEEPING } from './kept-tree.ts';
import { fetchIntoMirror } from './mirror.ts';
import type { KeyedLock } from './mirror-lock.ts';
import { type GitHubForGit, openRemote } from './remote.ts';
import { removeFolder } from './remove-folder.ts';
import { checkBranch, mirrorPath, safeName, type WorkspacePaths, workspacePaths } from './workspace-paths.ts';
import { readRecord, writeRecord } from './workspace-record.ts';

/** Where workspaces are made, and what by. */
interface Ground {
  /** Absolute. */
  dataDir: string;
  folders: KeyedLock;
  mirrors: KeyedLock;
  github: GitHubForGit;
  clock: Clock;
  log: Log;
  sandbox: Sandbox;
  /** null: trees are not kept. */
  keptTreeOf: ((repositoryId: number) => string) | null;
  /** See `createWorkspaces`. */
  keptOn?: ReadonlySet<number>;
}

/** Makes the task's workspace anew, whatever was in its folder. @throws GitError, TaskFailure */
export async function makeWorkspace(
  ground: Ground,
  request: WorkspaceRequest,
  signal?: AbortSignal,
): Promise<Workspace> {
  const paths = workspacePaths(ground.dataDir, request.fleetId, request.folder);
  return ground.folders.hold(paths.path, () => make(ground, paths, request, signal), signal);
}

async function make(
  ground: Ground,
  paths: WorkspacePaths,
  request: WorkspaceRequest,
  signal?: AbortSignal,
): Promise<Workspace> {
  const { dataDir, mirrors, sandbox, keptTreeOf, keptOn = TIME_KEEPING, log } = ground;
  const mirror = mirrorPath(dataDir, request.repositoryId);
  const baseBranch = checkBranch(request.baseBranch ?? request.defaultBranch);
  const wanted = {
    taskId: safeName(request.taskId),
    repository: request.repository,
    base: baseBranch,
    branch: checkBranch(request.branch),
    heads: request.heads,
  };
  await killRecordedGroups(paths.pids);
  await removeFolder(paths.path);
  const remote = openRemote(ground, request, 'read', signal);
  const heads = await fetchIntoMirror(mirror, mirrors, remote, wanted, signal);
  const keep = keptTreeOf === null ? null : { kept: keptTreeOf(request.repositoryId), trusted: keptOn, log };
  const base = { branch: baseBranch, sha: heads.baseSha };
  const baseTree = await checkout({ paths, mirror, sandbox }, base, keep, signal);
  const { installationId, repositoryId, repository, fleetId, taskId } = request;
  const made = { baseBranch, baseTree, ...heads };
  await writeRecord(paths.record, { installationId, repositoryId, repository, fleetId, taskId, ...made });
  log.debug({ task: taskId, repository, base: heads.baseSha }, 'Workspace is ready.');
  return { ...placesOf(paths), logs: await openLogs(dataDir, taskId), mirror, ...made };
}

/** As the task left it; undefined: there is none, or it is another one's. */
export async function reopenWorkspace(
  { dataDir, folders, sandbox }: Ground,
  request: Pick<WorkspaceRequest, 'fleetId' | 'taskId' | 'repositoryId' | 'folder'>,
): Promise<Workspace | undefined> {
  const paths = workspacePaths(dataDir, request.fleetId, request.folder);
  return folders.hold(paths.path, async () => {
    const record = await readRecord(paths.record);
    if (record?.taskId !== request.taskId || record.repositoryId !== request.repositoryId) return undefined;
    await killRecordedGroups(paths.pids);
    // A task that goes on without them leaves nothing, whatever its first commands had.
    if (!sandbox.filtered) await removeFolder(paths.checkedOut);
    const { baseBranch, baseSha, baseTree, branchHead } = record;
    const mirror = mirrorPath(dataDir, record.repositoryId);
    const logs = await openLogs(dataDir, request.taskId);
    return { ...placesOf(paths), logs, mirror, baseBranch, baseSha, baseTree, branchHead };
  });
}

/** They outlive the workspace, which a reviewer's questions may come after. */
async function openLogs(dataDir: string, taskId: string): Promise<string> {
  const logs = logFolder(dataDir, taskId);
  await mkdir(logs, { recursive: true, mode: 0o700 });
  return logs;
}

type Places = Pick<Workspace, 'path' | 'tree' | 'home' | 'outputs' | 'siblings' | 'pids'>;

function placesOf({ path, tree, home, outputs, siblings, pids }: WorkspacePaths): Places {
  return { path, tree, home, outputs, siblings, pids };
}
