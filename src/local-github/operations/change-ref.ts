import type { Author } from '../actor.ts';
import { ApiError } from '../api-error.ts';
import type { Context } from '../context.ts';
import { changedPaths, emptyTree } from '../git/diff.ts';
import { isAncestor, isValidRefName, listRefs, moveRef } from '../git/refs.ts';
import type { Repository } from '../state/records.ts';
import { refsChanged } from './refs-changed.ts';

export interface RefWrite {
  /** Full name, `refs/heads/...` or `refs/tags/...`. */
  ref: string;
  to: string | null;
  force: boolean;
  /** `create` refuses an existing ref, `update` and `delete` a missing one. */
  kind: 'create' | 'update' | 'delete';
  /** Whether the writer may change files under `.github/workflows`. */
  mayChangeWorkflows: boolean;
}

/** Moves one ref as GitHub's API does. @throws ApiError 422 with GitHub's messages, 404 for a missing ref to delete */
export function changeRef(context: Context, author: Author, repository: Repository, write: RefWrite): Promise<void> {
  return context.locks.run(repository.id, async () => {
    const directory = context.state.gitDirectory(repository.id);
    const before = (await listRefs(directory, write.ref)).get(write.ref) ?? null;
    await refuse(directory, author, repository, write, before);
    if (write.to === before) return;
    if (!(await moveRef(directory, write.ref, write.to, before))) {
      throw new ApiError(422, 'Reference cannot be updated');
    }
    await refsChanged(context, author, repository, [{ ref: write.ref, before, after: write.to }]);
  });
}

async function refuse(
  directory: string,
  author: Author,
  repository: Repository,
  write: RefWrite,
  before: string | null,
): Promise<void> {
  if (write.kind === 'create' && before !== null) throw new ApiError(422, 'Reference already exists');
  if (write.kind !== 'create' && before === null) throw new ApiError(422, 'Reference does not exist');
  if (write.kind === 'create' && !(/^refs\/[^/]+\/.+/.test(write.ref) && (await isValidRefName(write.ref)))) {
    throw new ApiError(422, `${write.ref} is not a valid ref name.`);
  }
  const branch = write.ref.replace(/^refs\/heads\//, '');
  if (author.account.type === 'Bot' && repository.protectedBranches.includes(branch)) {
    throw new ApiError(422, `Cannot ${write.to === null ? 'delete' : 'update'} this protected ref.`);
  }
  if (write.to === null) {
    if (branch === repository.defaultBranch) throw new ApiError(422, 'Cannot delete the default branch.');
    return;
  }
  if (before !== null && !write.force && !(await isAncestor(directory, before, write.to))) {
    throw new ApiError(422, 'Update is not a fast forward');
  }
  if (!write.mayChangeWorkflows) await refuseWorkflows(directory, repository, before, write.to);
}

async function refuseWorkflows(
  directory: string,
  repository: Repository,
  before: string | null,
  to: string,
): Promise<void> {
  const from =
    before ?? (await listRefs(directory, 'refs/heads/')).get(`refs/heads/${repository.defaultBranch}`) ?? emptyTree;
  const touched = (await changedPaths(directory, from, to)).find((path) => path.startsWith('.github/workflows/'));
  if (touched !== undefined) {
    throw new ApiError(
      403,
      `refusing to allow a GitHub App to create or update workflow \`${touched}\` without \`workflows\` permission`,
    );
  }
}
