import { environmentOf } from '../core/workflow/environment.ts';
import type { NodeOutcome } from '../core/workflow/types.ts';
import type { OpenRun } from './context.ts';

/** The whole environment of a child: the workflow's values, a HOME of its own, and nothing of the server's but PATH. */
export async function childEnvironment(
  run: OpenRun,
  upstream: ReadonlyMap<string, NodeOutcome>,
): Promise<Record<string, string>> {
  const { fleet, repository, task, workspace, context } = run;
  const { variables, files } = environmentOf({
    service: { id: task.repositoryId, fullName: repository.fullName, dir: workspace.tree },
    fleetId: fleet.id,
    baseBranch: workspace.baseBranch,
    workflow: fleet.plan.workflow,
    inputs: fleet.plan.inputs,
    nodes: upstream,
    outputDir: workspace.outputs,
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
