import type { Author } from '../actor.ts';
import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import type { Repository } from '../state/records.ts';
import { announce } from './announce.ts';

/** Source: GitHub's OpenAPI description of `repos/create-dispatch-event`. */
const longestEventType = 100;
const mostProperties = 10;
const largestPayload = 64 * 1024;

/** @throws ApiError 422 beyond GitHub's limits */
export function dispatchRepository(
  context: Context,
  author: Author,
  repository: Repository,
  eventType: string,
  payload: Readonly<Record<string, unknown>>,
): void {
  if (eventType === '' || eventType.length > longestEventType) {
    throw new ApiError(422, `Invalid request.\n\nevent_type must be 1 to ${longestEventType} characters long.`);
  }
  const count = Object.keys(payload).length;
  if (count > mostProperties) {
    throw new ApiError(
      422,
      `Invalid request.\n\nNo more than ${mostProperties} properties are allowed; ${count} were supplied.`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(payload)) >= largestPayload) {
    throw new ApiError(422, 'client_payload is too large: it must be less than 64 KB.');
  }
  announce(context, author, repository, 'repository_dispatch', eventType, {
    branch: repository.defaultBranch,
    client_payload: payload,
  });
}
