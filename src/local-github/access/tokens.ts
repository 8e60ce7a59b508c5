import { randomBytes } from 'node:crypto';
import type { Account, Installation, Permissions, Token } from '../state/records.ts';
import type { State } from '../state/state.ts';

const hour = 3_600_000;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function newUserToken(): string {
  return `ghp_${[...randomBytes(36)].map((byte) => alphabet[byte % alphabet.length]).join('')}`;
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
  for (const old of state.tokens.where(({ expiresAt }) => expiresAt !== null && expiresAt < Date.now() - hour)) {
    state.tokens.delete(old.id);
  }
  return state.tokens.insert({
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
  return state.tokens.insert({
    id: state.nextId('token'),
    token,
    kind: 'user',
    accountId: account.id,
    installationId: null,
    permissions: null,
    repositoryIds: null,
    expiresAt: null,
  });
}
