import type { FastifyInstance } from 'fastify';
import { ApiError } from '../api-error.ts';
import { type IdTokens, issuerPath } from './id-tokens.ts';

/** What is named in the tokens, for clients that ask. */
const claimsSupported = [
  ...['sub', 'aud', 'exp', 'iat', 'iss', 'jti', 'nbf', 'ref', 'ref_type', 'ref_protected', 'sha', 'repository'],
  ...['repository_id', 'repository_owner', 'repository_owner_id', 'repository_visibility', 'run_id', 'run_number'],
  ...['run_attempt', 'actor', 'actor_id', 'workflow', 'workflow_ref', 'workflow_sha', 'job_workflow_ref'],
  ...['job_workflow_sha', 'head_ref', 'base_ref', 'event_name', 'environment', 'runner_environment'],
];

/**
 * GitHub Actions as an OpenID Connect provider, at the address that it has on a GitHub Enterprise Server, and where a
 * job asks for its token.
 */
export async function registerActions(app: FastifyInstance, idTokens: IdTokens): Promise<void> {
  await app.register(
    async (scope) => {
      scope.get('/.well-known/openid-configuration', async () => ({
        issuer: idTokens.issuer,
        jwks_uri: `${idTokens.issuer}/.well-known/jwks`,
        subject_types_supported: ['public', 'pairwise'],
        response_types_supported: ['id_token'],
        claims_supported: claimsSupported,
        id_token_signing_alg_values_supported: ['RS256'],
        scopes_supported: ['openid'],
      }));
      scope.get('/.well-known/jwks', async () => ({ keys: await idTokens.publicKeys() }));
      scope.get('/request', async ({ headers, query }) => {
        const { audience } = Object(query);
        return { value: await tokenFor(idTokens, headers.authorization, audience) };
      });
    },
    { prefix: issuerPath },
  );
}

/** @throws ApiError 401 without the token of a job that runs */
function tokenFor(idTokens: IdTokens, authorization: string | undefined, audience: unknown): Promise<string> {
  const token = /^bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  const job = token === undefined ? undefined : idTokens.jobOf(token);
  if (job === undefined) throw new ApiError(401, 'This takes ACTIONS_ID_TOKEN_REQUEST_TOKEN of a job that runs.');
  return idTokens.mint(job, typeof audience === 'string' && audience !== '' ? audience : undefined);
}
