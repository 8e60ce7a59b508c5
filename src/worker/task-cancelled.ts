/** A cancel came before the push, or a node said so, with a reason: the task ends without having touched GitHub. */
export class TaskCancelled extends Error {
  override readonly name: string = 'TaskCancelled';
}

/** The signal of a run aborted: of the task by a cancel, a drain or its time limit, or of a group of nodes by its own. */
export class TaskStopped extends TaskCancelled {
  override readonly name = 'TaskStopped';
}
