import { rm } from 'node:fs/promises';
import type { Author } from '../actor.ts';
import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { commentsOf, issuesOf, labelsOf, pullsOf, reactionsOf } from '../state/queries.ts';
import type { Repository } from '../state/records.ts';
import { announce } from './announce.ts';

/** Removes a repository and all that is in it; its id is never used again. @throws ApiError 422 for what is not covered */
export async function deleteRepository(context: Context, author: Author, repository: Repository): Promise<void> {
  const { state } = context;
  const others = state.repositories.where(({ id }) => id !== repository.id);
  if (others.some(({ id }) => pullsOf(state, id).some(({ pull }) => pull.headRepositoryId === repository.id))) {
    throw new ApiError(422, 'This local GitHub cannot delete a fork that a pull request elsewhere comes from.');
  }
  announce(context, author, repository, 'repository', 'deleted', {});
  for (const issue of issuesOf(state, repository.id)) {
    for (const comment of commentsOf(state, issue.id)) {
      for (const reaction of reactionsOf(state, 'comment', comment.id)) state.reactions.delete(reaction.id);
      state.comments.delete(comment.id);
    }
    for (const reaction of reactionsOf(state, 'issue', issue.id)) state.reactions.delete(reaction.id);
    state.issues.delete(issue.id);
  }
  for (const label of labelsOf(state, repository.id)) state.labels.delete(label.id);
  state.repositories.delete(repository.id);
  await rm(state.gitDirectory(repository.id), { recursive: true, force: true });
}
