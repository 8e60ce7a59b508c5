import type { Actor } from '../actor.ts';
import { badCredentials } from '../api-error.ts';
import type { State } from '../state/state.ts';
import { looksLikeJwt, verifyAppJwt } from './app-jwt.ts';

/**
 * Who asks, by the Authorization header: `Bearer` or `token`, or `Basic` with the token as password.
 * @throws ApiError 401 (404 for a JWT of an unknown app)
 */
export async function identify(state: State, authorization: string | undefined): Promise<Actor> {
  if (authorization === undefined || authorization === '') return { kind: 'anonymous' };
  const token = credentialOf(authorization);
  if (token === undefined) throw badCredentials();
  if (looksLikeJwt(token)) return { kind: 'app', app: await verifyAppJwt(state, token) };
  return actorOfToken(state, token);
}

function credentialOf(authorization: string): string | undefined {
  const match = /^(bearer|token|basic)\s+(\S+)$/i.exec(authorization.trim());
  if (match === null) return undefined;
  const [, scheme = '', value = ''] = match;
  if (scheme.toLowerCase() !== 'basic') return value;
  const [user = '', ...rest] = Buffer.from(value, 'base64').toString().split(':');
  const password = rest.join(':');
  // git sends the token as password; `https://<token>@host` sends it as the user.
  return password === '' || password === 'x-oauth-basic' ? user : password;
}

function actorOfToken(state: State, value: string): Actor {
  const token = state.tokens.find((candidate) => candidate.token === value);
  if (token === undefined) throw badCredentials();
  if (token.expiresAt !== null && token.expiresAt <= Date.now()) throw badCredentials();
  const account = state.accounts.need(token.accountId);
  if (token.installationId === null) return { kind: 'user', account, token };
  const installation = state.installations.get(token.installationId);
  if (installation === undefined) throw badCredentials();
  return { kind: 'installation', app: state.apps.need(installation.appId), installation, token, account };
}
