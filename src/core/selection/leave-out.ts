import type { LeftOut, LeftOutReason, Repository } from '../plan.ts';

const SENTENCES: Record<LeftOutReason, string> = {
  archived: 'The repository is archived.',
  disabled: 'GitHub has disabled the repository.',
  empty: 'The repository has no commit yet.',
  fork: 'It is a fork; forks take part only when they are named.',
  ignored: 'It has the topic `fleet-ignore`.',
  no_permission: 'The sender has no write permission there.',
  not_installed: 'The app is not installed there.',
  excluded: 'It is excluded.',
  no_longer_selected: 'It is no longer selected; its earlier pull request is left alone.',
};

/** One line of the left-out list, with the usual sentence for its reason unless `detail` says more. */
export function leaveOut(
  repository: Pick<Repository, 'id' | 'fullName'>,
  reason: LeftOutReason,
  detail: string = SENTENCES[reason],
): LeftOut {
  return { repositoryId: repository.id, repository: repository.fullName, reason, detail };
}
