import { isPublishable, isTerminal, type TaskOutcome, type TaskStatus } from './status.ts';

/** Tasks whose change is the same, by the first of which it is read. */
export interface PatchGroup {
  /** In plan order. */
  taskIds: readonly string[];
  read: { taskId: string; attempt: number };
  /** UTF-16 units of the diff. */
  size: number;
}

interface Prepared {
  taskId: string;
  attempt: number;
  at: number;
  digest: string;
  size: number;
}

/**
 * What is prepared or about to be published, the first prepared first: what is added while a preview runs comes after
 * what people have read already. What is published is shown by its pull request.
 * @param patches in plan order, of the newest attempts
 */
export function groupPatches(
  tasks: readonly { id: string; status: TaskStatus; outcome: TaskOutcome | null }[],
  patches: readonly Prepared[],
): PatchGroup[] {
  const live = new Set(tasks.flatMap((task) => (isPublishable(task) || !isTerminal(task.status) ? [task.id] : [])));
  const groups = Map.groupBy(
    patches.filter(({ taskId }) => live.has(taskId)),
    ({ digest }) => digest,
  );
  return [...groups.values()]
    .flatMap((members) => {
      const [first] = members.toSorted((a, b) => a.at - b.at);
      if (first === undefined) return [];
      const { taskId, attempt, size, at } = first;
      return [{ at, group: { taskIds: members.map((member) => member.taskId), read: { taskId, attempt }, size } }];
    })
    .sort((a, b) => a.at - b.at)
    .map(({ group }) => group);
}
