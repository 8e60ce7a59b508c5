export type StopReason = 'cancelled' | 'draining' | 'lease_lost' | 'refused';

const SENTENCES: Record<StopReason, string> = {
  cancelled: 'a cancel was requested',
  draining: 'the server is stopping',
  lease_lost: 'its lease was lost',
  refused: 'it may not go on',
};

/** The reason of a task's abort signal. */
export class TaskStopped extends Error {
  override readonly name = 'TaskStopped';
  readonly why: StopReason;

  constructor(why: StopReason) {
    super(`The task was stopped: ${SENTENCES[why]}.`);
    this.why = why;
  }
}
