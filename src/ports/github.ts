import type { GitHubDeliveries } from './github-deliveries.ts';
import type { GitHubReads } from './github-reads.ts';
import type { AppIdentity, GitHubWrites } from './github-writes.ts';

/** `workflows`: writing, also files under .github/workflows, for which GitHub wants a permission of its own. */
export type GitAccess = 'read' | 'write' | 'workflows';

/** The door to GitHub: one client per installation. */
export interface GitHub {
  reads(installationId: number): GitHubReads;
  writes(installationId: number): GitHubWrites;
  identity(): Promise<AppIdentity>;
  /** Id of the installation that reaches the repository (owner/name); undefined: none does. */
  installationOf(fullName: string): Promise<number | undefined>;
  deliveries: GitHubDeliveries;
  /**
   * A token for git over HTTP, limited to one repository, minted at use.
   * Never stored, logged, put in an argument or a URL. `fresh`: after a 401, when the kept one was refused.
   */
  gitToken(installationId: number, repositoryId: number, access: GitAccess, how?: { fresh?: boolean }): Promise<string>;
  /** `https://github.com/acme/x.git` */
  cloneUrl(fullName: string): string;
  /** `https://github.com` */
  webUrl: string;
}
