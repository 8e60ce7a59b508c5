import type { Actor } from '../actor.ts';
import { badCredentials } from '../api-error.ts';
import { isSame } from '../page-key.ts';
import type { State } from '../state/state.ts';
import { looksLikeJwt, verifyAppJwt } from './app-jwt.ts';
import { isExpired } from './tokens.ts';

/**
 * Who asks, by the Authorization header: `Bearer` or `token`, or `Basic` with the token as password, or with an app's
 * client id and secret.
 * @param now GitHub's clock, by which user tokens of apps expire; those of installations expire by real time
 * @throws ApiError 401 (404 for a JWT of an unknown app)
 */
export async function identify(state: State, authorization: string | undefined, now: number): Promise<Actor> {
  if (authorization === undefined || authorization === '') return { kind: 'anonymous' };
  const client = clientOf(state, authorization);
  if (client !== undefined) return client;
  const token = credentialOf(authorization);
  if (token === undefined) throw badCredentials();
  if (looksLikeJwt(token)) return { kind: 'app', app: await verifyAppJwt(state, token) };
  return actorOfToken(state, token, now);
}

function credentialOf(authorization: string): string | undefined {
  const match = /^(bearer|token|basic)\s+(\S+)$/i.exec(authorization.trim());
  if (match === null) return undefined;
  const [, scheme = '', value = ''] = match;
  if (scheme.toLowerCase() !== 'basic') return value;
  const { user, password } = basicOf(value);
  // git sends the token as password; `https://<token>@host` sends it as the user.
  return password === '' || password === 'x-oauth-basic' ? user : password;
}

function basicOf(value: string): { user: string; password: string } {
  const [user = '', ...rest] = Buffer.from(value, 'base64').toString().split(':');
  return { user, password: rest.join(':') };
}

function clientOf(state: State, authorization: string): Actor | undefined {
  const value = /^basic\s+(\S+)$/i.exec(authorization.trim())?.[1];
  if (value === undefined) return undefined;
  const { user, password } = basicOf(value);
  const app = state.apps.find(({ clientId, clientSecret }) => clientId === user && isSame(password, clientSecret));
  return app === undefined ? undefined : { kind: 'client', app };
}

function actorOfToken(state: State, value: string, now: number): Actor {
  const token = state.tokens.find((candidate) => candidate.token === value);
  if (token === undefined) throw badCredentials();
  if (isExpired(token, now)) throw badCredentials();
  const account = state.accounts.need(token.accountId);
  if (token.kind === 'user') return { kind: 'user', account, token, app: null };
  if (token.kind === 'app-user') return { kind: 'user', account, token, app: state.apps.need(token.appId ?? 0) };
  const installation = state.installations.get(token.installationId ?? 0);
  if (installation === undefined) throw badCredentials();
  return { kind: 'installation', app: state.apps.need(installation.appId), installation, token, account };
}
