import type { Person, Repository } from '../../../core/plan.ts';
import { GitHubError, type Permission, type TargetFacts } from '../../../ports/github-reads.ts';
import { inBatches, mapBounded } from '../bounded.ts';
import type { InstallationClient } from '../client.ts';
import type { Pace } from '../pace.ts';
import { readBranchHead } from './branch-head.ts';
import { readPermission } from './permission.ts';
import { askTargets, type TargetAnswer } from './target-query.ts';

/** Ten thousand repositories are a hundred pages already. One point of the rate limit, as 50 would be. */
const BATCH = 125;
/** GitHub gives a query up after ten seconds: docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api, "timeouts". */
const PIECE = 25;
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
    const answers = await askInPieces(client, batch, person);
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

/** What gets no answer is asked again in pieces, until one of them gets none either. */
async function askInPieces(
  client: PacedClient,
  batch: readonly Repository[],
  person: Person,
): Promise<Map<number, TargetAnswer>> {
  const ask = (of: readonly Repository[]) => unlessLimited(() => askTargets(client, of, person), null);
  const whole = await ask(batch);
  if (whole !== null || batch.length <= PIECE) return whole ?? new Map();
  const answers = new Map<number, TargetAnswer>();
  for (const piece of inBatches(batch, PIECE)) {
    const found = await ask(piece);
    if (found === null) break;
    for (const [id, answer] of found) answers.set(id, answer);
  }
  return answers;
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
