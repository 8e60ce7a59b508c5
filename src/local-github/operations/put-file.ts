import type { Author } from '../actor.ts';
import { ApiError, validationFailed } from '../api-error.ts';
import type { Context } from '../context.ts';
import { type Commit, type Person, readCommit, writeCommit } from '../git/commits.ts';
import { entryAt, writeBlob } from '../git/objects.ts';
import { branchTip, moveRef } from '../git/refs.ts';
import { writeTree } from '../git/write-tree.ts';
import { noReplyAddress } from '../render-json/commit.ts';
import { timestamp } from '../render-json/time.ts';
import type { Repository } from '../state/records.ts';
import { checkPath, refusedByGit } from './check-path.ts';
import { refsChanged } from './refs-changed.ts';

export interface FileWrite {
  path: string;
  /** null deletes. */
  content: Buffer | null;
  message: string;
  branch: string;
  /** The blob that is replaced; must be given when there is one. */
  sha?: string;
  author?: Person;
  committer?: Person;
}

/** The person under which GitHub writes commits for an account. */
export function personOf(context: Context, author: Author): Person {
  const { account } = author;
  return { name: account.name ?? account.login, email: noReplyAddress(account), date: timestamp(context.now()) };
}

/** GitHub's own committer, whose signature makes a commit Verified. */
export function webFlow(context: Context): Person {
  return { name: 'GitHub', email: 'noreply@github.com', date: timestamp(context.now()) };
}

/** One commit with one file on one branch. @throws ApiError 409 when `sha` does not match, 404 without the branch, 422 */
export function putFile(
  context: Context,
  author: Author,
  repository: Repository,
  write: FileWrite,
): Promise<{ commit: Commit; created: boolean; blob: string | null }> {
  checkPath('path', write.path);
  return context.locks.run(repository.id, async () => {
    const directory = context.state.gitDirectory(repository.id);
    const before = (await branchTip(directory, write.branch)) ?? null;
    const first = context.state.repositories.need(repository.id).empty && write.branch === repository.defaultBranch;
    if (before === null && !first) throw new ApiError(404, `Branch ${write.branch} not found`);
    if (author.account.type === 'Bot' && repository.protectedBranches.includes(write.branch)) {
      throw new ApiError(409, `Changes must be made through a pull request. ${write.branch} is protected.`);
    }
    const entry = before === null ? undefined : await entryAt(directory, before, write.path);
    if (entry?.type === 'tree') throw badPath();
    if (entry === undefined && before !== null) await refuseBelowFile(directory, before, write.path);
    if (entry !== undefined && write.sha === undefined) {
      throw new ApiError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
    }
    if (write.sha !== undefined && write.sha !== entry?.sha) {
      throw new ApiError(409, `${write.path} does not match ${write.sha}`);
    }
    const blob = write.content === null ? null : await writeBlob(directory, write.content);
    const base = before === null ? null : (await readCommit(directory, before)).tree;
    const change = { path: write.path, mode: entry?.mode ?? '100644', sha: blob };
    const tree = await writeTree(directory, base, [change]).catch(refusedByGit('path'));
    const person = write.author ?? write.committer ?? personOf(context, author);
    const after = await writeCommit(directory, {
      tree,
      parents: before === null ? [] : [before],
      message: write.message,
      author: person,
      committer: write.committer ?? webFlow(context),
    });
    const ref = `refs/heads/${write.branch}`;
    if (!(await moveRef(directory, ref, after, before))) throw new ApiError(409, `${write.branch} has moved`);
    await refsChanged(context, author, repository, [{ ref, before, after }]);
    return { commit: await readCommit(directory, after), created: entry === undefined, blob };
  });
}

const badPath = () => validationFailed({ resource: 'Content', field: 'path', code: 'invalid' });

/** @throws ApiError 422 where a folder of the path is none: git would put the new file in place of the old one */
async function refuseBelowFile(directory: string, commit: string, path: string): Promise<void> {
  const parts = path.split('/');
  for (let depth = 1; depth < parts.length; depth += 1) {
    const above = await entryAt(directory, commit, parts.slice(0, depth).join('/'));
    if (above === undefined) return;
    if (above.type !== 'tree') throw badPath();
  }
}
