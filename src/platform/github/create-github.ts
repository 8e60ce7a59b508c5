import type { GitHub } from '../../ports/github.ts';
import type { AppIdentity } from '../../ports/github-writes.ts';
import { type ClientOptions, createAppClient, createInstallationClient, createPublicClient } from './client.ts';
import { createDeliveries } from './deliveries.ts';
import { readIdentity } from './identity.ts';
import { readInstallationOf } from './installation-of.ts';
import { createPace, type Pace } from './pace.ts';
import { createReads } from './reads/create-reads.ts';
import {
  createRepositoryList,
  createRepositoryMemory,
  type RepositoryList,
  type RepositoryMemory,
} from './reads/repositories.ts';
import { createTokens } from './tokens.ts';
import { createWrites } from './writes/create-writes.ts';

export interface GitHubOptions extends ClientOptions {
  /** `https://github.com` */
  webUrl: string;
}

/** Of one installation, as long as the process lives. */
interface Kept {
  list: RepositoryList;
  memory: RepositoryMemory;
  pace: Pace;
}

/** The door to one GitHub host as one app. Nothing is asked before the first method is called. */
export function createGitHub(options: GitHubOptions): GitHub {
  const app = createAppClient(options);
  const tokens = createTokens(app);
  const client = (installationId: number) =>
    createInstallationClient({ ...options, installationId }, (fresh) => tokens.installation(installationId, fresh));
  const kept = new Map<number, Kept>();
  let identity: Promise<AppIdentity> | undefined;

  function keptOf(installationId: number): Kept {
    const known = kept.get(installationId);
    if (known !== undefined) return known;
    const fresh = {
      list: createRepositoryList(client(installationId).octokit),
      memory: createRepositoryMemory(),
      pace: createPace(options.pause),
    };
    kept.set(installationId, fresh);
    return fresh;
  }

  return {
    webUrl: options.webUrl,
    deliveries: createDeliveries(app),
    reads: (installationId) => createReads(client(installationId), keptOf(installationId)),
    writes: (installationId) => createWrites(() => client(installationId).octokit),
    identity() {
      identity ??= readIdentity({
        app,
        installation: (installationId) => client(installationId).octokit,
        everybody: createPublicClient(options),
        webUrl: options.webUrl,
      }).catch((error: unknown) => {
        identity = undefined;
        throw error;
      });
      return identity;
    },
    installationOf: (fullName) => readInstallationOf(app, fullName),
    gitToken: (installationId, repositoryId, access, how = {}) =>
      tokens.git(installationId, repositoryId, access, how.fresh ?? false),
    cloneUrl: (fullName) => `${options.webUrl}/${fullName}.git`,
  };
}
