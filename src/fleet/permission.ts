import type { Person } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import type { FleetRequest } from '../core/request.ts';
import { GitHubError, type GitHubReads, type Permission } from '../ports/github-reads.ts';
import { limitReached } from './limit-reached.ts';

const CAN_WRITE: ReadonlySet<Permission> = new Set(['admin', 'maintain', 'write']);

export const canWrite = (permission: Permission | null): boolean => permission !== null && CAN_WRITE.has(permission);

/** No answer means no. Throws GitHubError for a limit, after which there will be an answer. */
export async function mayWrite(reads: GitHubReads, repository: string, person: Person): Promise<boolean> {
  try {
    return canWrite(await reads.permission(repository, person));
  } catch (error) {
    if (error instanceof GitHubError && error.kind !== 'limited') return false;
    throw error;
  }
}

/**
 * Throws a silent Refusal unless the person can write to the repository (owner/name), and GitHub says so.
 * `here`: it is where the person speaks, so that a "no" makes them a stranger there.
 */
export async function requireWrite(
  reads: GitHubReads,
  repository: string,
  person: Person,
  { here }: { here: boolean },
): Promise<void> {
  const permission = await reads.permission(repository, person).catch((error: unknown) => {
    throw error instanceof GitHubError ? unanswered(error, repository, person) : error;
  });
  if (canWrite(permission)) return;
  throw new Refusal(
    'not_permitted',
    `${person.login} has no write permission on \`${repository}\`.`,
    'Ask somebody who has it.',
    { silent: true, stranger: here },
  );
}

/** Another code than a "no", which is remembered for a while: somebody who may must not be taken for a stranger. */
function unanswered(error: GitHubError, repository: string, person: Person): Refusal {
  if (error.kind === 'limited') return limitReached(error, { silent: true });
  return new Refusal(
    'github_unavailable',
    `GitHub did not say whether ${person.login} can write to \`${repository}\`.`,
    'Give the command again in a few minutes.',
    { silent: true, cause: error },
  );
}

/**
 * Throws a silent Refusal unless the sender can write where they speak. A bot's dispatch is the proof that it can, as
 * GitHub asks for `contents: write`; a job proves itself by GitHub's signature on its token. Source: docs.github.com/rest/repos/repos, "Create a repository dispatch event".
 */
export async function requireSender(reads: GitHubReads, request: FleetRequest): Promise<void> {
  if (request.sender.type === 'Bot' && (request.door === 'dispatch' || request.door === 'api')) return;
  await requireWrite(reads, request.controlRepository.fullName, request.sender, { here: true });
}
