import { ApiError, notFound } from '../api-error.ts';
import { isPull, issueByNumber } from '../state/queries.ts';
import type { Comment, Issue, Pull } from '../state/records.ts';
import { numberIn } from './call.ts';
import type { ReadCall } from './route.ts';

type Place = Pick<ReadCall, 'context' | 'repository' | 'path'>;

/** An issue or a pull request. @throws ApiError 404, 410 when it was deleted */
export function issueIn(call: Place, name = 'issue_number'): Issue {
  const number = numberIn(call.path(name));
  const found = issueByNumber(call.context.state, call.repository.id, number);
  if (found !== undefined) return found;
  const used = number > 0 && number < call.repository.nextNumber;
  throw used ? new ApiError(410, 'This issue was deleted') : notFound();
}

/** @throws ApiError 404, also for a plain issue */
export function pullIn(call: Place): Pull {
  const found = issueByNumber(call.context.state, call.repository.id, numberIn(call.path('pull_number')));
  if (found === undefined || !isPull(found)) throw notFound();
  return found;
}

/** @throws ApiError 404 */
export function commentIn(call: Place): Comment {
  const found = call.context.state.comments.get(numberIn(call.path('comment_id')));
  if (found === undefined || found.repositoryId !== call.repository.id) throw notFound();
  return found;
}
