/** The server is stopping: nothing new of the task starts, and it goes on from where it stands after the restart. */
export class TaskDrained extends Error {
  override readonly name = 'TaskDrained';

  constructor() {
    super('The server is stopping.');
  }
}
