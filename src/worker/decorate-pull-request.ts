import type { EffectRequest } from '../store/contract/effects.ts';
import type { TaskRun } from './context.ts';

/** Labels, assignees and reviewers. What GitHub refuses of them becomes a warning, never a failure. */
export async function decorate(run: TaskRun, number: number): Promise<string[]> {
  const { context, fleet, task } = run;
  const warnings: string[] = [];
  for (const request of decorations(run, number)) {
    const settled = await context.effects.perform({
      key: `${request.kind}:${task.id}:${number}`,
      installationId: fleet.installationId,
      fleetId: fleet.id,
      taskId: task.id,
      request,
    });
    if (settled.state === 'refused')
      warnings.push(`GitHub refused the ${request.kind}: ${settled.error ?? 'no reason'}`);
  }
  return warnings;
}

function decorations(run: TaskRun, number: number): EffectRequest[] {
  const { labels, assignees, reviewers } = run.fleet.plan.workflow.pullRequest;
  const repository = run.repository.fullName;
  const requests: EffectRequest[] = [];
  if (labels.length > 0) requests.push({ kind: 'labels', repository, number, labels });
  if (assignees.length > 0) requests.push({ kind: 'assignees', repository, number, assignees });
  if (reviewers.length > 0) requests.push({ kind: 'reviewers', repository, number, reviewers });
  return requests;
}
