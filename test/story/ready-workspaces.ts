import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readRef } from '../../src/local-github/git/ref-files.ts';
import type { LocalGitHub } from '../../src/local-github/server.ts';
import type { ChangedFile, Workspace, WorkspaceRequest, Workspaces } from '../../src/ports/workspace.ts';
import type { ReadyChange } from './ready-change.ts';

export interface ReadyOptions {
  github: LocalGitHub;
  /** Of every repository; known when the first task begins. */
  change(): ReadyChange;
  /** Called when a workspace is made, before it is there. */
  beforePrepare?(request: WorkspaceRequest, signal: AbortSignal | undefined): Promise<void>;
}

/** Workspaces without clones: each repository holds the change before it is made, and a push only moves the branch. */
export function readyWorkspaces({ github, change, beforePrepare }: ReadyOptions): Workspaces {
  const folderOf = ({ fleetId, folder }: Pick<WorkspaceRequest, 'fleetId' | 'folder'>) =>
    join(github.context.state.gitDirectory(0), '..', '..', 'workspaces', fleetId, folder);
  const open = new Map<string, Workspace>();

  return {
    async prepare(request, { signal } = {}) {
      await beforePrepare?.(request, signal);
      const bare = github.context.state.gitDirectory(request.repositoryId);
      const path = folderOf(request);
      const { base } = change();
      await mkdir(join(path, 'tree'), { recursive: true });
      const workspace: Workspace = {
        path,
        tree: join(path, 'tree'),
        home: join(path, 'home'),
        logs: join(path, 'logs'),
        outputs: join(path, 'outputs'),
        siblings: join(path, 'siblings'),
        mirror: bare,
        pids: join(path, 'pids'),
        baseBranch: request.baseBranch ?? request.defaultBranch,
        baseSha: base.commit,
        baseTree: base.tree,
        branchHead: (await readRef(bare, `refs/heads/${request.branch}`)) ?? null,
      };
      open.set(request.taskId, workspace);
      return workspace;
    },
    reopen: async ({ taskId }) => open.get(taskId),
    snapshot: async () => ({
      tree: change().next.tree,
      changes: [changed(change())],
      refused: [],
      contents: new Map(),
    }),
    restore: async (_workspace, tree) => tree === change().next.tree,
    changes: async () => [changed(change())],
    blobs: async (_workspace, shas) =>
      new Map(shas.map((sha) => [sha, Buffer.from(sha === change().next.blob ? '2.0\n' : '1.0\n')])),
    commit: async () => change().next.commit,
    async push(_workspace, { repositoryId, branch, sha, expected }) {
      const bare = github.context.state.gitDirectory(repositoryId);
      const ref = `refs/heads/${branch}`;
      const head = (await readRef(bare, ref)) ?? null;
      if (head !== expected) return { result: 'stale', head };
      await mkdir(dirname(join(bare, ref)), { recursive: true });
      await writeFile(join(bare, ref), `${sha}\n`);
      return { result: 'pushed' };
    },
    async remove(of, mayGo = async () => true) {
      if (!(await mayGo())) return false;
      open.delete(of.taskId);
      await rm(folderOf(of), { recursive: true, force: true });
      return true;
    },
    inspect: () => Promise.reject(new Error('No branch has a head here before its task pushes it.')),
    removeOrphan: () => Promise.reject(new Error('Every folder of these stories has its task.')),
    removeMirror: async () => false,
    removeKeptTree: async () => false,
    removeHalfRemoved: async () => undefined,
    diff: () => Promise.reject(new Error('Fleets of these stories are no previews.')),
    deleteBranch: () => Promise.reject(new Error('Nothing of these stories is undone or withdrawn.')),
    addSibling: () => Promise.reject(new Error('Workflows of these stories have no siblings.')),
    writeOutputs: () => Promise.reject(new Error('Nodes of these stories have no long outputs.')),
  };
}

function changed({ base, next }: ReadyChange): ChangedFile {
  const mode = '100644';
  return {
    path: 'VERSION',
    status: 'modified',
    oldMode: mode,
    newMode: mode,
    oldSha: base.blob,
    sha: next.blob,
    size: 4,
  };
}
