import { TaskFailure } from '../core/failures.ts';
import { byteText } from '../core/render/amounts.ts';
import type { SweepContext } from './context.ts';
import type { MeasuredWorkspace } from './measure.ts';

/** Ends tasks that run and whose workspace takes more than one may: not those that only have their pull request to make. */
export function refuseTooLarge({ limits, failTask, log }: SweepContext, held: readonly MeasuredWorkspace[]): void {
  for (const { task, bytes } of held) {
    if (task.status !== 'running' || task.publishingAt !== null || bytes <= limits.perWorkspaceBytes) continue;
    const [size, limit] = [byteText(bytes), byteText(limits.perWorkspaceBytes)];
    log.warn(
      { task: task.id, repository: task.repository, size, limit },
      'a workspace is too large; its task is ended',
    );
    const reason = `Its workspace takes ${size} of the server's disk, and one may take ${limit} (\`disk.per_workspace\`).`;
    failTask(task, new TaskFailure('too_large', reason));
  }
}
