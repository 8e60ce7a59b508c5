/** Nothing of the task can run before a person decides: it waits, without a lease and without a slot. */
export class TaskWaiting extends Error {
  override readonly name = 'TaskWaiting';

  constructor() {
    super('The task waits for a decision.');
  }
}
