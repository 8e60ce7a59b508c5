import { randomBytes } from 'node:crypto';
import type { Account, Installation, Permissions, Token } from '../state/records.ts';
import type { State } from '../state/state.ts';

const hour = 3_600_000;

/** What a kind of token does not have. */
export const blank = {
  installationId: null,
  permissions: null,
  repositoryIds: null,
  expiresAt: null,
  appId: null,
  createdAt: 0,
  refreshToken: null,
  refreshExpiresAt: null,
  byDeviceFlow: false,
} as const;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const newUserToken = (): string => `ghp_${randomLetters(36)}`;

/** Letters and digits. */
export function randomLetters(count: number): string {
  return [...randomBytes(count)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/** Installation tokens expire by real time, as App JWTs do, and user tokens of an app by GitHub's clock. */
export function isExpired({ kind, expiresAt }: Token, now: number): boolean {
  return expiresAt !== null && expiresAt <= (kind === 'installation' ? Date.now() : now);
}

/** As long as GitHub's new installation tokens, so that nobody relies on 40 characters. */
function newInstallationToken(appId: number): string {
  const part = (bytes: number): string => randomBytes(bytes).toString('base64url');
  return `ghs_${appId}_${part(27)}.${part(120)}.${part(64)}`;
}

/** @param limits null: everything that the installation has. Expires after an hour of real time. */
export function mintInstallationToken(
  state: State,
  installation: Installation,
  limits: { permissions: Permissions | null; repositoryIds: number[] | null },
): Token {
  const app = state.apps.need(installation.appId);
  const old = Date.now() - hour;
  for (const { id } of state.tokens.where(
    ({ kind, expiresAt }) => kind === 'installation' && expiresAt !== null && expiresAt < old,
  )) {
    state.tokens.delete(id);
  }
  return state.tokens.insert({
    ...blank,
    id: state.nextId('token'),
    token: newInstallationToken(app.id),
    kind: 'installation',
    accountId: app.botId,
    installationId: installation.id,
    permissions: limits.permissions,
    repositoryIds: limits.repositoryIds,
    expiresAt: Date.now() + hour,
  });
}

export function addUserToken(state: State, account: Account, token: string): Token {
  return state.tokens.insert({ ...blank, id: state.nextId('token'), token, kind: 'user', accountId: account.id });
}
