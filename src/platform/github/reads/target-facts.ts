import type { Person, Repository } from '../../../core/plan.ts';
import { GitHubError, type Permission, type TargetFacts } from '../../../ports/github-reads.ts';
import { inBatches, mapBounded } from '../bounded.ts';
import type { InstallationClient } from '../client.ts';
import type { Pace } from '../pace.ts';
import { readBranchHead } from './branch-head.ts';
import { readPermission } from './permission.ts';
import { askTargets, type TargetAnswer } from './target-query.ts';

const BATCH = 50;
const AT_ONCE = 8;

type PacedClient = InstallationClient & { pace: Pace };

/**
 * Permission and emptiness of many repositories: by GraphQL in batches, and by paced REST wherever that leaves one open.
 * A limit ends the whole question, because "nobody may" would be a wrong plan; any other missing answer is null.
 */
export async function readTargetFacts(
  client: PacedClient,
  repositories: readonly Repository[],
  person: Person,
): Promise<Map<number, TargetFacts>> {
  const facts = new Map<number, TargetFacts>();
  for (const batch of inBatches(repositories, BATCH)) {
    const answers = await unlessLimited(() => askTargets(client, batch, person), new Map<number, TargetAnswer>());
    const settled = await mapBounded(batch, AT_ONCE, (repository) =>
      completeFacts(client, repository, person, answers.get(repository.id)),
    );
    for (const [index, repository] of batch.entries()) {
      const fact = settled[index];
      if (fact !== undefined) facts.set(repository.id, fact);
    }
  }
  return facts;
}

async function completeFacts(
  { octokit, pace }: PacedClient,
  repository: Repository,
  person: Person,
  answer: TargetAnswer | undefined,
): Promise<TargetFacts> {
  const permission =
    answer?.permission ??
    (await unlessLimited<Permission | null>(async () => {
      await pace.turn();
      return readPermission(octokit, repository.fullName, person);
    }, null));
  const empty =
    answer?.empty ??
    (await unlessLimited(async () => {
      await pace.turn();
      return (await readBranchHead(octokit, repository.fullName, repository.defaultBranch)) === undefined;
    }, false));
  return { permission, empty };
}

async function unlessLimited<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof GitHubError) || error.kind === 'limited') throw error;
    return otherwise;
  }
}
