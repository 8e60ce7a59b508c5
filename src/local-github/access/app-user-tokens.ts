import type { Account, App, Token } from '../state/records.ts';
import type { State } from '../state/state.ts';
import { blank, randomLetters } from './tokens.ts';

/** Seconds. Source: docs.github.com, "Refreshing user access tokens". */
export const userTokenLife = 8 * 3600;
export const refreshTokenLife = 15_897_600;

/**
 * Issues a user token to an app: what the person and the app both may, for eight hours.
 * @param now GitHub's clock
 * @param given the token itself; made when absent
 */
export function addAppUserToken(
  state: State,
  now: number,
  app: App,
  account: Account,
  given: { token?: string; byDeviceFlow?: boolean } = {},
): Token {
  return state.tokens.insert({
    ...blank,
    id: state.nextId('token'),
    token: given.token ?? `ghu_${randomLetters(36)}`,
    kind: 'app-user',
    accountId: account.id,
    appId: app.id,
    createdAt: now,
    expiresAt: now + userTokenLife * 1000,
    refreshToken: `ghr_${randomLetters(76)}`,
    refreshExpiresAt: now + refreshTokenLife * 1000,
    byDeviceFlow: given.byDeviceFlow ?? false,
  });
}

/** The token that a refresh token belongs to; undefined for another app's, an unknown or an expired one. */
export function tokenToRefresh(state: State, now: number, app: App, refreshToken: string): Token | undefined {
  const found = state.tokens.find((token) => token.refreshToken === refreshToken);
  if (found === undefined || found.appId !== app.id) return undefined;
  return found.refreshExpiresAt !== null && found.refreshExpiresAt <= now ? undefined : found;
}
