/** A cancel came before the push: the task ends without having touched GitHub. */
export class TaskCancelled extends Error {
  override readonly name = 'TaskCancelled';
}
