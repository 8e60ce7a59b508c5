import { TaskFailure } from '../core/failures.ts';
import type { EffectRow } from '../store/contract/effects.ts';
import type { PushRow } from '../store/contract/pushes.ts';
import type { TaskEnd } from '../store/contract/tasks.ts';
import type { TaskRun } from './context.ts';
import { decorate } from './decorate-pull-request.ts';
import { push } from './push.ts';
import { withdrawBranch } from './withdraw-branch.ts';

/**
 * Push, pull request, labels and reviewers, each from the rows that were written before, so that it does what is left
 * to do whoever began it. Throws TaskFailure, or EffectPending when GitHub's limits make it wait.
 */
export async function finishPublication(run: TaskRun): Promise<TaskEnd> {
  const { context, task } = run;
  const intended = (await context.store.read.pushes.ofTask(task.id))[0];
  if (intended?.state === 'intended') await push(run, intended);

  const effect = await pullRequestEffect(run);
  const settled = await context.effects.perform(effect);
  if (settled.state === 'refused') {
    await withdrawUnusedBranch(run, intended);
    throw new TaskFailure('pull_request', `GitHub refused the pull request: ${settled.error ?? 'without a reason'}`);
  }
  const pullRequest = created(settled);
  const warnings = await decorate(run, pullRequest.number);
  return { status: 'completed', outcome: 'changed', reason: null, pullRequest, warnings };
}

async function pullRequestEffect(run: TaskRun): Promise<EffectRow> {
  const effects = await run.context.store.read.effects.ofTask(run.task.id);
  const effect = effects.findLast(
    ({ request }) => request.kind === 'pull_request' || request.kind === 'pull_request_edit',
  );
  if (effect === undefined) throw new Error(`Task ${run.task.id} publishes without an intended pull request`);
  return effect;
}

/** A branch that this task made and that no pull request shows is removed, if its head is still ours. */
async function withdrawUnusedBranch(run: TaskRun, pushed: PushRow | undefined): Promise<void> {
  if (pushed?.expected === null) await withdrawBranch(run, pushed);
}

function created(effect: EffectRow): { number: number; url: string } {
  const number = effect.result?.number;
  const url = effect.result?.url;
  if (number == null || url == null) throw new Error(`Effect ${effect.id} is ${effect.state} without a pull request`);
  return { number, url };
}
