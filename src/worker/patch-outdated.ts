/** What was prepared can no longer be pushed as it is: the task runs again, with a new attempt. */
export class PatchOutdated extends Error {
  override readonly name = 'PatchOutdated';

  /** @param why a sentence's beginning, such as `Its base moved since the preview` */
  constructor(why: string) {
    super(`${why}, so it ran again.`);
  }
}
