import type { Context } from '../context.ts';
import { accountByLogin, commentsOf, isPull, issueByNumber, reactionsOf, repositoryByName } from '../state/queries.ts';
import { announceIssue } from './issues.ts';

/** Removes an issue with its comments and reactions; its number is never used again. @throws Error when it is not there */
export function deleteNamedIssue(
  context: Context,
  { repository: fullName, number, by }: { repository: string; number: number; by: string },
): void {
  const { state } = context;
  const [owner = '', name = ''] = fullName.split('/');
  const repository = repositoryByName(state, owner, name);
  const issue = repository === undefined ? undefined : issueByNumber(state, repository.id, number);
  const account = accountByLogin(state, by);
  if (repository === undefined || issue === undefined || isPull(issue) || account === undefined) {
    throw new Error(`${fullName}#${number} is no issue that ${by} could delete`);
  }
  announceIssue(context, { account, app: null }, repository, issue, 'deleted');
  for (const comment of commentsOf(state, issue.id)) {
    for (const reaction of reactionsOf(state, 'comment', comment.id)) state.reactions.delete(reaction.id);
    state.comments.delete(comment.id);
  }
  for (const reaction of reactionsOf(state, 'issue', issue.id)) state.reactions.delete(reaction.id);
  state.issues.delete(issue.id);
}
