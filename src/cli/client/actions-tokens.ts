import { decodeJwt } from 'jose';
import { z } from 'zod';
import { ClientError } from './client-error.ts';
import { isPrivateWay, webAddress } from './server-address.ts';
import { plainToken, type Tokens } from './tokens.ts';

const RENEW_BEFORE_MS = 60_000;
const TIMEOUT_MS = 15_000;

const answer = z.object({ value: z.string() });

export interface ActionsRequest {
  /** ACTIONS_ID_TOKEN_REQUEST_URL */
  url: string;
  /** ACTIONS_ID_TOKEN_REQUEST_TOKEN */
  token: string;
}

/**
 * Tokens that GitHub Actions vouches for this job with, for this server alone.
 * Source: docs.github.com, "OpenID Connect reference", requesting the JWT using environment variables.
 * @param audience the server's address
 * @param now epoch milliseconds
 */
export function actionsTokens(request: ActionsRequest, audience: string, now: () => number): Tokens {
  let kept: { token: string; until: number } | null = null;
  return {
    async get() {
      if (kept !== null && now() < kept.until) return kept.token;
      const token = await newToken(request, audience);
      kept = { token, until: expiry(token, now()) - RENEW_BEFORE_MS };
      return token;
    },
    async refused() {
      kept = null;
      return true;
    },
  };
}

async function newToken(request: ActionsRequest, audience: string): Promise<string> {
  const url = webAddress(request.url);
  if (url === null || !isPrivateWay(url)) {
    throw new ClientError('ACTIONS_ID_TOKEN_REQUEST_URL is no https address.', 'GitHub Actions sets it; set nothing.');
  }
  url.searchParams.set('audience', audience);
  const refused = (what: string, cause?: unknown) =>
    new ClientError(
      `GitHub Actions gave this job no token for ${audience}: ${what}.`,
      'The job needs `permissions: { id-token: write }`.',
      { cause },
    );
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { authorization: `bearer ${plainToken(request.token, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN')}` },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw refused('it does not answer', error);
  }
  const parsed = answer.safeParse(await response.json().catch(() => undefined));
  if (!response.ok || !parsed.success) throw refused(`it answered ${response.status}`);
  return plainToken(parsed.data.value, 'The answer of GitHub Actions');
}

/** Epoch milliseconds; a token that does not say is asked for anew each time. */
function expiry(token: string, now: number): number {
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? now : exp * 1000;
  } catch {
    return now;
  }
}
