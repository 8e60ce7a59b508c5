/** A cancel came before the push, or a node said so, with a reason: the task ends without having touched GitHub. */
export class TaskCancelled extends Error {
  override readonly name = 'TaskCancelled';
}
