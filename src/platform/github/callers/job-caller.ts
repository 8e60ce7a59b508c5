import { type Caller, CallerRefused } from '../../../ports/callers.ts';
import type { GitHub } from '../../../ports/github.ts';
import { type JobToken, ON_DEFAULT_BRANCH } from './job-token.ts';

/** As whom GitHub Actions acts in every repository. */
const BOT = 'github-actions[bot]';

/**
 * The job as a caller, if its repository is one of the app's, and its branch the default one, as GitHub tells the app
 * now. Throws CallerRefused; GitHubError where GitHub gives no answer.
 */
export async function findJob(github: Pick<GitHub, 'installationOf' | 'reads'>, job: JobToken): Promise<Caller> {
  const installationId = await github.installationOf(job.repository);
  if (installationId === undefined) throw outOfReach();
  const reads = github.reads(installationId);
  const repository = await reads.repository(job.repository);
  if (repository === undefined || repository.id !== job.repositoryId) throw outOfReach();
  if (repository.defaultBranch !== job.branch) {
    throw new CallerRefused('The job does not run on the default branch of its repository.', ON_DEFAULT_BRANCH);
  }
  const [owner, bot] = await Promise.all([reads.person(repository.ownerLogin), reads.person(BOT)]);
  if (owner?.id !== job.ownerId) throw outOfReach();
  if (bot === undefined)
    throw new CallerRefused(`This GitHub has no account \`${BOT}\`.`, 'Use the token of a person.');
  return { kind: 'job', person: bot, repository: { id: repository.id, fullName: repository.fullName } };
}

const outOfReach = (): CallerRefused =>
  new CallerRefused(
    'The app is not installed on the repository of the job, or that has moved since.',
    "Install the app there, then run the job again: it is a fleet's control repository.",
  );
