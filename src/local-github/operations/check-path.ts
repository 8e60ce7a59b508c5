import { ApiError } from '../api-error.ts';
import { isTreePath } from '../git/tree-path.ts';
import { IgnoredPathError } from '../git/write-tree.ts';

/** How GitHub calls a path in its messages. */
type PathName = 'path' | 'tree.path';

/** @throws ApiError 422 in GitHub's words for a path that no tree can hold */
export function checkPath(name: PathName, path: string): void {
  if (path.startsWith('/')) throw new ApiError(422, `${name} cannot start with a slash`);
  if (!isTreePath(path)) throw malformed(name);
}

/** The same for a path that git itself refused: catches what `writeTree` throws. */
export function refusedByGit(name: PathName): (error: unknown) => never {
  return (error) => {
    throw error instanceof IgnoredPathError ? malformed(name) : error;
  };
}

const malformed = (name: PathName): ApiError => new ApiError(422, `${name} contains a malformed path component`);
