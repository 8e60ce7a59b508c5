import { compactVerify, decodeJwt, importSPKI } from 'jose';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { App } from '../state/records.ts';
import type { State } from '../state/state.ts';

const claims = z.object({ iss: z.union([z.string(), z.number()]), iat: z.number().int(), exp: z.number().int() });

/** Seconds; a clock may run ahead of GitHub's by a minute. */
const drift = 60;
const longestLife = 10 * 60;

/** A JSON Web Token has three parts, a token of GitHub's (`ghs_…`, `ghp_…`) a prefix. */
export function looksLikeJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token) && !/^gh[a-z]_/.test(token);
}

/**
 * Source: docs.github.com, "Generating a JSON Web Token (JWT) for a GitHub App". Uses real time.
 * @throws ApiError 401 in GitHub's words, 404 for an unknown issuer
 */
export async function verifyAppJwt(state: State, token: string): Promise<App> {
  const found = readClaims(token);
  const app = state.apps.find(({ id, clientId }) => String(id) === String(found.iss) || clientId === found.iss);
  if (app === undefined) throw new ApiError(404, 'Integration not found');
  try {
    await compactVerify(token, await importSPKI(app.publicKeyPem, 'RS256'), { algorithms: ['RS256'] });
  } catch {
    throw undecodable();
  }
  const now = Date.now() / 1000;
  if (found.iat > now + drift) {
    throw new ApiError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (found.exp <= now) {
    throw new ApiError(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (found.exp > now + longestLife + drift || found.exp - found.iat > longestLife + drift) {
    throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  return app;
}

function readClaims(token: string): z.infer<typeof claims> {
  try {
    return claims.parse(decodeJwt(token));
  } catch {
    throw undecodable();
  }
}

export function undecodable(): ApiError {
  return new ApiError(401, 'A JSON web token could not be decoded');
}
