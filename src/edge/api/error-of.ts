import { asRefusal } from '../../fleet/as-refusal.ts';
import { ApiError, errorOfRefusal } from './api-error.ts';
import { MOST_BODY_BYTES } from './json-body.ts';

/** What anything that was thrown is told as. @param now epoch milliseconds */
export function errorOf(error: unknown, now: number): ApiError {
  if (error instanceof ApiError) return error;
  const own = ownErrorOf(error);
  return own ?? errorOfRefusal(asRefusal(error), now);
}

/** What the library refuses by itself. */
function ownErrorOf(error: unknown): ApiError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ApiError('body_too_large', `The body is larger than ${MOST_BODY_BYTES} bytes.`, 'Send less at once.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ApiError(
        'unsupported_media_type',
        'The body is not `application/json`.',
        'Send JSON, with that content type.',
      );
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new ApiError('not_found', 'There is nothing with so long a name.', 'Check the address.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new ApiError('invalid_request', error.message, 'Send the request as HTTP describes it.');
    default:
      return undefined;
  }
}
