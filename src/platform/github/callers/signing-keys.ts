import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { GitHubError } from '../../../ports/github-reads.ts';

const TIMEOUT_MS = 5_000;
const KEPT_FOR_MS = 10 * 60_000;
/** Of a key that is not among those: GitHub is not asked again and again for what somebody made up. */
const BETWEEN_LOOKS_MS = 30_000;
const MOST_BYTES = 256 * 1024;

type Fetch = typeof globalThis.fetch;

/**
 * The keys of an issuer of OIDC tokens, fetched when first needed and every ten minutes. Throws jose's errors for a
 * token that none of them signed, GitHubError where they cannot be read.
 * Source: docs.github.com/actions/reference/security/oidc, `jwks_uri`.
 */
export function createSigningKeys(issuer: string, fetch: Fetch = globalThis.fetch): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks`), {
    timeoutDuration: TIMEOUT_MS,
    cacheMaxAge: KEPT_FOR_MS,
    cooldownDuration: BETWEEN_LOOKS_MS,
    [customFetch]: (url, init) => boundedFetch(fetch, url, init),
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new GitHubError('unknown', 0, `The keys of ${issuer} cannot be read: ${why}`, { cause: error });
    }
  };
}

/** The host is the one that is configured: no redirect leads to another. */
async function boundedFetch(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'error' });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new Error(`the answer is larger than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status: response.status });
}
