import { TaskFailure } from '../core/failures.ts';
import { isMoreVisible } from '../core/visibility.ts';
import type { TaskRun } from './context.ts';
import { currentControlRepository } from './control-repository.ts';

/**
 * Hours can pass between plan and task: what the task does is told on the control repository, so that one must still
 * not be more visible than the target. Throws TaskFailure `permission`.
 */
export async function requireVisibility(run: TaskRun): Promise<void> {
  if (run.fleet.plan.allowMoreVisibleControlRepository) return;
  const control = await currentControlRepository(run);
  if (control !== undefined && !isMoreVisible(control.visibility, run.repository.visibility)) return;
  throw new TaskFailure(
    'permission',
    control === undefined
      ? 'The control repository is gone or was replaced since the plan was made.'
      : `Since the plan was made, the control repository (${control.visibility}) has become more visible than this repository.`,
  );
}
