/** Ends the reading of a request. `message` says what is wrong, `hint` what to write instead; both safe Markdown. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
