import type { CommitRequest } from '../../ports/workspace.ts';
import type { GitPlace } from './git-box.ts';
import { gitText } from './run-git.ts';

/** One commit object in the control directory, the same sha for the same request. @throws GitError */
export async function writeCommit(place: GitPlace, request: CommitRequest): Promise<string> {
  const date = `@${Math.floor(request.at / 1000)} +0000`;
  const message = request.message.replaceAll('\0', '');
  return gitText(['commit-tree', request.tree, '-p', request.parent, '-F', '-'], {
    ...place,
    settings: ['i18n.commitEncoding=UTF-8', 'user.useConfigOnly=true'],
    env: {
      GIT_AUTHOR_NAME: request.author.name,
      GIT_AUTHOR_EMAIL: request.author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: request.author.name,
      GIT_COMMITTER_EMAIL: request.author.email,
      GIT_COMMITTER_DATE: date,
    },
    input: message.endsWith('\n') ? message : `${message}\n`,
  });
}
