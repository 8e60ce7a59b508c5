import { isTerminal, type TaskStatus } from './status.ts';

/** Approvals that nobody has answered, each with its task, in the given order; those of ended tasks need no answer any more. */
export function openApprovals<
  Approval extends { taskId: string; answer: unknown },
  Task extends { id: string; status: TaskStatus },
>(approvals: readonly Approval[], tasks: readonly Task[]): { approval: Approval; task: Task }[] {
  const unended = new Map(tasks.filter(({ status }) => !isTerminal(status)).map((task) => [task.id, task]));
  return approvals.flatMap((approval) => {
    const task = approval.answer === null ? unended.get(approval.taskId) : undefined;
    return task === undefined ? [] : [{ approval, task }];
  });
}
