import { type PullRequestText, renderPullRequest } from '../core/render/pull-request.ts';
import { isMoreVisible } from '../core/visibility.ts';
import { renderTemplate } from '../core/workflow/template.ts';
import type { NodeRow } from '../store/contract/nodes.ts';
import type { TaskRun } from './context.ts';
import { currentControlRepository } from './control-repository.ts';

/** Title, body and commit message from the workflow's templates and from what this task's nodes came to. */
export async function describePullRequest(run: TaskRun): Promise<PullRequestText> {
  const current = await run.context.store.read.fleets.get(run.fleet.id);
  const control = await currentControlRepository(run);
  const moreVisible = control === undefined || isMoreVisible(run.repository.visibility, control.visibility);
  return describe(run, { trackingIssueUrl: current?.trackingIssue?.url ?? null, moreVisible });
}

/** The commit message alone, for which GitHub need not be asked how visible the control repository is. */
export async function describeCommit(run: TaskRun): Promise<string> {
  return (await describe(run, { trackingIssueUrl: null, moreVisible: true })).commitMessage;
}

async function describe(
  run: TaskRun,
  told: { trackingIssueUrl: string | null; moreVisible: boolean },
): Promise<PullRequestText> {
  const { context, fleet, task, repository } = run;
  const recorded = await context.store.read.nodes.ofTask(task.id, task.attempt);
  const nodes = inWorkflowOrder(run, recorded);
  const values = {
    inputs: fleet.plan.inputs,
    service: repository.fullName,
    nodes: new Map(nodes.map((node) => [node.nodeId, node])),
    loop: null,
  };
  const { title, body, commitMessage } = fleet.plan.workflow.pullRequest;
  const rendered = (template: string | null) => (template === null ? null : renderTemplate(template, values));
  return renderPullRequest({
    fleet,
    nodes,
    title: rendered(title),
    body: rendered(body),
    commitMessage: rendered(commitMessage),
    ...told,
    webUrl: context.github.webUrl,
  });
}

function inWorkflowOrder(run: TaskRun, recorded: readonly NodeRow[]): NodeRow[] {
  return run.fleet.plan.workflow.nodes.flatMap(({ id }) => recorded.filter(({ nodeId }) => nodeId === id));
}
