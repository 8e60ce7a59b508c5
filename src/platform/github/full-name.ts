import { GitHubError } from '../../ports/github-reads.ts';

/** `acme/shop` as the two parameters of a route; anything else is refused before it becomes part of a path. */
export function ownerAndRepo(fullName: string): { owner: string; repo: string } {
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(fullName) ?? [];
  if (owner === undefined || repo === undefined || /^\.+$/.test(owner) || /^\.+$/.test(repo)) {
    throw new GitHubError(
      'refused',
      0,
      `${JSON.stringify(fullName)} is not the full name of a repository (owner/name).`,
    );
  }
  return { owner, repo };
}
