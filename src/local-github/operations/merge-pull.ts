import type { Author } from '../actor.ts';
import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { type Person, readCommit, writeCommit } from '../git/commits.ts';
import { mergedTree } from '../git/merge.ts';
import { branchTip, moveRef } from '../git/refs.ts';
import { noReplyAddress } from '../render-json/commit.ts';
import { timestamp } from '../render-json/time.ts';
import type { Pull, Repository } from '../state/records.ts';
import { closeMerged, refsChanged } from './refs-changed.ts';

export interface MergeOptions {
  method: 'merge' | 'squash' | 'rebase';
  /** Refused when the head is somewhere else. */
  sha?: string;
  commitTitle?: string;
  commitMessage?: string;
}

/** @returns the merge commit's sha. @throws ApiError 405 when it cannot be merged, 409 when the head moved */
export function mergePull(
  context: Context,
  author: Author,
  repository: Repository,
  issue: Pull,
  options: MergeOptions,
): Promise<string> {
  return context.locks.run(repository.id, async () => {
    const { pull } = issue;
    if (issue.state !== 'open' || pull.draft) throw new ApiError(405, 'Pull Request is not mergeable');
    if (options.sha !== undefined && options.sha !== pull.headSha) {
      throw new ApiError(409, 'Head branch was modified. Review and try the merge again.');
    }
    const allowed = {
      merge: repository.allowMergeCommit,
      squash: repository.allowSquashMerge,
      rebase: repository.allowRebaseMerge,
    };
    if (!allowed[options.method])
      throw new ApiError(405, `${options.method} merges are not allowed on this repository.`);
    const directory = context.state.gitDirectory(repository.id);
    const base = await branchTip(directory, pull.baseRef);
    const tree = base === undefined ? undefined : await mergedTree(directory, base, pull.headSha);
    if (base === undefined || tree === undefined) throw new ApiError(405, 'Pull Request is not mergeable');
    const person: Person = {
      name: author.account.name ?? author.account.login,
      email: noReplyAddress(author.account),
      date: timestamp(context.now()),
    };
    const sha = await writeCommit(directory, {
      tree,
      parents: options.method === 'merge' ? [base, pull.headSha] : [base],
      message: await messageOf(directory, issue, options),
      author: person,
      committer: { ...person, name: 'GitHub', email: 'noreply@github.com' },
    });
    if (!(await moveRef(directory, `refs/heads/${pull.baseRef}`, sha, base))) {
      throw new ApiError(409, 'Base branch was modified. Review and try the merge again.');
    }
    await closeMerged(context, author, repository, issue, sha);
    await refsChanged(context, author, repository, [{ ref: `refs/heads/${pull.baseRef}`, before: base, after: sha }]);
    return sha;
  });
}

async function messageOf(directory: string, issue: Pull, options: MergeOptions): Promise<string> {
  const standard =
    options.method === 'merge'
      ? `Merge pull request #${issue.number} from ${issue.pull.headRef}`
      : `${issue.title} (#${issue.number})`;
  const rest = options.method === 'merge' ? issue.title : (await readCommit(directory, issue.pull.headSha)).message;
  return `${options.commitTitle ?? standard}\n\n${options.commitMessage ?? rest}`;
}
