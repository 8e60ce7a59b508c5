import type { GitHubError } from '../../ports/github-reads.ts';
import type { DefinedTag } from './tag-repository.ts';

/** Why GitHub refused a write, with the permission that it wants; it answers 404 where somebody may not even know. */
export function writeRefusal(error: GitHubError, tag: DefinedTag): string {
  if (error.status !== 403 && error.status !== 404) return error.message;
  return `${error.message}. ${tag.definition === null ? TOPICS : propertyRight(tag.definition)}`;
}

const TOPICS =
  'Topics need the role admin or maintain on the repository; a fine-grained token "Administration: write" for it, a classic one the scope `repo`.';

function propertyRight({ name, repositoryActors }: { name: string; repositoryActors: boolean }): string {
  const organization =
    'An owner of the organization, or who has its "custom properties" permission, may write it: a fine-grained token needs "Custom properties: write" of the organization.';
  if (!repositoryActors) return `\`${name}\` is the organization's to set. ${organization}`;
  return `\`${name}\` needs the role admin on the repository; a fine-grained token "Custom properties: write" for it.`;
}

/** Why a repository, or an organization's list, could not be read. */
export function readRefusal(error: GitHubError, what: string): string {
  if (error.status === 404) return `${what} is not there, or your token may not see it.`;
  return error.message;
}
