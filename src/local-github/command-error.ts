/** A person can act on the message; the command line shows it without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
