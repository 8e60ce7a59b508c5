/** Somebody paused the fleet: nothing new of the task starts, nothing is pushed, and it goes on when they resume it. */
export class TaskPaused extends Error {
  override readonly name = 'TaskPaused';

  constructor() {
    super('The fleet is paused.');
  }
}
