import type { Box, Mount } from '../ports/sandbox.ts';
import type { Workspace } from '../ports/workspace.ts';

/** What every process of a task sees: its clone to write, and to read what the clone borrows from and what was put beside it. */
function workspaceMounts(workspace: Workspace): Mount[] {
  const { tree, home, outputs, siblings, mirror } = workspace;
  return [
    { path: mirror, access: 'read' },
    { path: siblings, access: 'read' },
    { path: outputs, access: 'read' },
    { path: home, access: 'write' },
    { path: tree, access: 'write' },
  ];
}

/** Of a command of the workflow. */
export const commandBox = (workspace: Workspace): Box => ({
  mounts: workspaceMounts(workspace),
  hosts: [],
  modelApi: null,
});

/** Of an agent, with what the operator gives to it. */
export const agentBox = (
  workspace: Workspace,
  agent: Pick<Box, 'hosts' | 'modelApi'> & { read: readonly string[] },
): Box => ({
  mounts: [...agent.read.map((path) => ({ path, access: 'read' as const })), ...workspaceMounts(workspace)],
  hosts: agent.hosts,
  modelApi: agent.modelApi,
});
