/** The workspace is gone, or is not what it was when the task stopped: the task begins again, with a new attempt. */
export class WorkspaceLost extends Error {
  override readonly name = 'WorkspaceLost';

  constructor() {
    super('Its workspace is not what it was when it stopped, so it begins again.');
  }
}
