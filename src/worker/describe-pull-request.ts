import { isOwn } from '../core/render/node-table.ts';
import { type PullRequestFacts, type PullRequestText, renderPullRequest } from '../core/render/pull-request.ts';
import { isMoreVisible } from '../core/visibility.ts';
import { renderTemplate } from '../core/workflow/template.ts';
import type { NodeRow } from '../store/contract/nodes.ts';
import type { TaskRun } from './context.ts';
import { currentControlRepository } from './control-repository.ts';
import { gatherEvidence } from './gather-evidence.ts';

/** Title, body and commit message from the workflow's templates and from what this task's nodes came to. */
export async function describePullRequest(run: TaskRun): Promise<PullRequestText> {
  const current = await run.context.store.read.fleets.get(run.fleet.id);
  const control = await currentControlRepository(run);
  const moreVisible = control === undefined || isMoreVisible(run.repository.visibility, control.visibility);
  const trackingIssueUrl = current?.trackingIssue?.url ?? null;
  const nodes = await recordedNodes(run);
  // Nothing is read that more people could see than may.
  const evidence = moreVisible ? null : await gatherEvidence(run, nodes);
  return describe(run, nodes, { trackingIssueUrl, moreVisible, evidence });
}

/** The commit message alone, for which GitHub need not be asked how visible the control repository is. */
export async function describeCommit(run: TaskRun): Promise<string> {
  const told = { trackingIssueUrl: null, moreVisible: true, evidence: null };
  return describe(run, await recordedNodes(run), told).commitMessage;
}

/** As they began. */
const recordedNodes = ({ context, task }: TaskRun): Promise<NodeRow[]> =>
  context.store.read.nodes.ofTask(task.id, task.attempt);

function describe(
  run: TaskRun,
  nodes: readonly NodeRow[],
  told: Pick<PullRequestFacts, 'trackingIssueUrl' | 'moreVisible' | 'evidence'>,
): PullRequestText {
  const { context, fleet, repository } = run;
  const values = {
    inputs: fleet.plan.inputs,
    service: repository.fullName,
    nodes: new Map(nodes.filter(isOwn).map((node) => [node.nodeId, node])),
    loop: null,
  };
  const { title, body, commitMessage } = fleet.plan.workflow.pullRequest;
  const rendered = (template: string | null) => (template === null ? null : renderTemplate(template, values));
  return renderPullRequest({
    fleet,
    title: rendered(title),
    body: rendered(body),
    commitMessage: rendered(commitMessage),
    ...told,
    webUrl: context.github.webUrl,
  });
}
