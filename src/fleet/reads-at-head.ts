import type { GitHubReads } from '../ports/github-reads.ts';

/** Text of a file (owner/name, path); undefined: there is none. Throws UnreadableFile and GitHubError. */
export type ReadText = (repository: string, path: string) => Promise<string | undefined>;

/**
 * Reads every repository as of one commit, the head of its default branch when it was first asked for: files that are
 * read one after another belong together, whatever is pushed meanwhile.
 */
export function readsAtHead(reads: Pick<GitHubReads, 'head' | 'file'>): ReadText {
  const heads = new Map<string, Promise<string | undefined>>();
  return async (repository, path) => {
    const asked = heads.get(repository) ?? reads.head(repository);
    heads.set(repository, asked);
    const head = await asked;
    return head === undefined ? undefined : reads.file(repository, path, head);
  };
}
