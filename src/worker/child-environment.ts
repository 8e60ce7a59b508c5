import { environmentOf } from '../core/workflow/environment.ts';
import type { OpenRun } from './context.ts';
import { logName, type NodeRun } from './scope.ts';

/** The whole environment of a child: the workflow's values, a HOME of its own, and nothing of the server's but PATH. */
export async function childEnvironment(
  run: OpenRun,
  { scope, visible, node }: Pick<NodeRun, 'scope' | 'visible'> & { node?: NodeRun['node'] },
  own: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const { fleet, repository, task, workspace, context } = run;
  const { variables, files } = environmentOf({
    service: {
      id: task.repositoryId,
      fullName: repository.fullName,
      dir: workspace.tree,
      siblings: fleet.plan.siblings.length === 0 ? null : workspace.siblings,
    },
    fleetId: fleet.id,
    baseBranch: workspace.baseBranch,
    workflow: { inputs: scope.inputDefinitions },
    inputs: scope.inputs,
    nodes: visible,
    loop: scope.loop,
    own,
    outputDir: workspace.outputs,
    reader: node === undefined ? '' : logName({ node, scope }),
  });
  await context.workspaces.writeOutputs(workspace, files);
  return {
    ...variables,
    PATH: context.childPath,
    HOME: workspace.home,
    TMPDIR: workspace.home,
    LANG: 'C.UTF-8',
    CI: 'true',
    GIT_TERMINAL_PROMPT: '0',
  };
}
