/** The task cannot go on now, through nobody's fault: it goes back to the queue and is not started before `notBefore`. */
export class TaskParked extends Error {
  override readonly name = 'TaskParked';
  /** Epoch milliseconds. */
  readonly notBefore: number;

  constructor(message: string, notBefore: number, options?: ErrorOptions) {
    super(message, options);
    this.notBefore = notBefore;
  }
}
