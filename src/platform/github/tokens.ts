import { z } from 'zod';
import type { GitAccess } from '../../ports/github.ts';
import { parseAnswer, timestamp } from './answers.ts';
import type { AppClient } from './client.ts';

const minted = z.object({ token: z.string().min(1), expires_at: timestamp });

interface Held {
  token: string;
  expiresAt: number;
}

export interface Tokens {
  /** For the API: everything that the installation grants. */
  installation(installationId: number, fresh: boolean): Promise<string>;
  /**
   * For git: contents alone. One for reading serves every repository of the installation, so that a fleet asks once;
   * one for writing is for one repository, with its workflow files where asked for.
   */
  git(installationId: number, repositoryId: number, access: GitAccess, fresh: boolean): Promise<string>;
}

const SPARE = 5 * 60_000;

/**
 * Installation tokens, minted at use and kept in memory alone until five minutes before they expire.
 * Expiry is GitHub's real time and never the clock that tests set, hence Date.now.
 */
export function createTokens(app: AppClient): Tokens {
  const held = new Map<string, Promise<Held>>();

  function begin(key: string, mint: () => Promise<Held>): Promise<Held> {
    const minting = mint().catch((error: unknown) => {
      if (held.get(key) === minting) held.delete(key);
      throw error;
    });
    held.set(key, minting);
    return minting;
  }

  /** Whoever asks while a token is being minted waits for that one. */
  async function take(key: string, fresh: boolean, mint: () => Promise<Held>): Promise<string> {
    const known = held.get(key);
    if (fresh || known === undefined) return (await begin(key, mint)).token;
    const { token, expiresAt } = await known;
    if (expiresAt - SPARE > Date.now()) return token;
    const newer = held.get(key);
    return (await (newer === undefined || newer === known ? begin(key, mint) : newer)).token;
  }

  async function mint(installationId: number, limits: TokenLimits): Promise<Held> {
    const route = 'POST /app/installations/{installation_id}/access_tokens';
    const { data } = await app.request(route, { installation_id: installationId, ...limits });
    const { token, expires_at } = parseAnswer(minted, data, route);
    return { token, expiresAt: expires_at };
  }

  return {
    installation: (installationId, fresh) => take(`api ${installationId}`, fresh, () => mint(installationId, {})),
    git: (installationId, repositoryId, access, fresh) =>
      access === 'read'
        ? take(`git ${installationId} read`, fresh, () => mint(installationId, { permissions: PERMISSIONS.read }))
        : take(`git ${installationId} ${repositoryId} ${access}`, fresh, () =>
            mint(installationId, { repository_ids: [repositoryId], permissions: PERMISSIONS[access] }),
          ),
  };
}

const PERMISSIONS: Readonly<Record<GitAccess, NonNullable<TokenLimits['permissions']>>> = {
  read: { contents: 'read' },
  write: { contents: 'write' },
  // Asked for where it is needed alone: GitHub gives no token at all where the app lacks it.
  workflows: { contents: 'write', workflows: 'write' },
};

interface TokenLimits {
  repository_ids?: number[];
  permissions?: { contents: 'read' | 'write'; workflows?: 'write' };
}
