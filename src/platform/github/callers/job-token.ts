import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { CallerRefused } from '../../../ports/callers.ts';

/** What GitHub signed about a job, as far as it counts here. */
export interface JobToken {
  /** owner/name when the token was made. */
  repository: string;
  repositoryId: number;
  ownerId: number;
  /** Such as `main`. */
  branch: string;
}

const MOST_LENGTH = 12_000;
const LEEWAY_S = 30;

/**
 * What starts a workflow by somebody who can write to its repository, or by its own file. Everything else is left to
 * anybody who may comment, fork, star or open a pull request there, and runs on the default branch's ref all the same:
 * `issue_comment`, `issues`, `discussion`, `fork`, `watch`, `pull_request_target`, `workflow_run` after a fork's run.
 * Source: docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows.
 */
const EVENTS_OF_WRITERS: ReadonlySet<string> = new Set([
  'push',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
]);

const id = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number);
/** Source: docs.github.com/actions/reference/security/oidc, "OIDC token claims". */
const claims = z.object({
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  repository_id: id,
  repository_owner_id: id,
  ref: z.string().max(1000),
  ref_type: z.string(),
  event_name: z.string(),
});

/** Header, claims and signature; the last is empty where nobody signed. */
export const isJobToken = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);

/**
 * Whether GitHub signed this token for this server, and about which job. Expiry goes by real time.
 * Throws CallerRefused; GitHubError where the keys cannot be read.
 */
export async function readJobToken(
  token: string,
  by: { issuer: string; audience: string; keys: JWTVerifyGetKey },
): Promise<JobToken> {
  if (token.length > MOST_LENGTH) throw refused('is longer than any that GitHub makes');
  const payload = await verify(token, by);
  const parsed = claims.safeParse(payload);
  if (!parsed.success) throw refused('lacks claims that GitHub gives every job');
  const { ref, ref_type: type, event_name: event, repository, ...ids } = parsed.data;
  if (type !== 'branch' || !ref.startsWith('refs/heads/')) throw new CallerRefused(NO_BRANCH, ON_DEFAULT_BRANCH);
  if (!EVENTS_OF_WRITERS.has(event)) throw new CallerRefused(NO_EVENT, BY_WRITERS);
  const branch = ref.slice('refs/heads/'.length);
  return { repository, repositoryId: ids.repository_id, ownerId: ids.repository_owner_id, branch };
}

async function verify(
  token: string,
  { issuer, audience, keys }: { issuer: string; audience: string; keys: JWTVerifyGetKey },
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer,
      audience,
      clockTolerance: LEEWAY_S,
      requiredClaims: ['exp', 'nbf', 'iat'],
      // Also that it was not made in the future.
      maxTokenAge: '1h',
    });
    // One that several servers take could be used at this one by another.
    if (payload.aud !== audience) throw wrongAudience(audience);
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw refused('has expired');
    if (error instanceof errors.JWTClaimValidationFailed) throw claimRefused(error.claim, audience);
    if (error instanceof errors.JOSEError) throw refused("does not have GitHub's signature");
    throw error;
  }
}

function claimRefused(claim: string, audience: string): CallerRefused {
  switch (claim) {
    case 'aud':
      return wrongAudience(audience);
    case 'iss':
      return refused("is not from the GitHub of this server's app");
    case 'nbf':
    case 'iat':
      return refused('is not valid yet');
    default:
      return refused('lacks claims that GitHub gives every job');
  }
}

const refused = (problem: string): CallerRefused => new CallerRefused(`The token of the job ${problem}.`, AGAIN);

const wrongAudience = (audience: string): CallerRefused =>
  new CallerRefused('The token of the job was made for another server.', `Ask for one with the audience ${audience}.`);

const AGAIN = 'Ask for a fresh one in the job; it needs `permissions: id-token: write`.';
const NO_BRANCH = 'The job does not run on a branch.';
export const ON_DEFAULT_BRANCH = 'Only jobs on the default branch of their repository are taken.';
const NO_EVENT = 'What started the job can be done by people who cannot write to its repository.';
const BY_WRITERS = `Start it by one of these events: ${[...EVENTS_OF_WRITERS].map((event) => `\`${event}\``).join(', ')}.`;
