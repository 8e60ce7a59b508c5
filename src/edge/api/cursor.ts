import { ApiError } from './api-error.ts';

/** Where a page ended, for whoever asks for the next one; opaque, so that it can change. */
export const cursorOf = (seq: number): string => Buffer.from(`fleets ${seq}`).toString('base64url');

/** Throws ApiError('invalid_request') for what cursorOf did not make. */
export function seqOf(cursor: string): number {
  const seq = Number(/^fleets (\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1]);
  if (Number.isInteger(seq) && cursorOf(seq) === cursor) return seq;
  throw new ApiError(
    'invalid_request',
    '`cursor` is not one of ours.',
    'Send `next_cursor` of the page before as it is, or leave it out for the first page.',
  );
}
