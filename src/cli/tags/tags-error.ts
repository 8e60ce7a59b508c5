/** What the person can put right; the message says how. */
export class TagsError extends Error {
  override readonly name = 'TagsError';
}
