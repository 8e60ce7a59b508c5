import type { Person, Repository } from '../core/plan.ts';

/** Thrown by every GitHub port when GitHub refuses or does not answer. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError';
  /**
   * refused: a definite answer, nothing happened (4xx other than 408 and limits).
   * limited: a primary or secondary limit; nothing happened; retry after `retryAt`.
   * unknown: timeout, 5xx, reset; it may have happened.
   */
  readonly kind: 'refused' | 'limited' | 'unknown';
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Epoch milliseconds, for `limited`. */
  readonly retryAt: number | null;

  constructor(
    kind: 'refused' | 'limited' | 'unknown',
    status: number,
    message: string,
    options: { retryAt?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.status = status;
    this.retryAt = options.retryAt ?? null;
  }
}

/** A file that is there and cannot be read as text. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  /** `acme/platform:.github/fleet.yml` */
  readonly where: string;
  /** Follows `where` in a sentence: `is not UTF-8 text`. Tells nothing of what the file holds. */
  readonly problem: string;

  constructor(where: string, problem: string) {
    super(`${where} ${problem}.`);
    this.where = where;
    this.problem = problem;
  }
}

export type Permission = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';

/** What of a target the plan asks GitHub for, in batches. */
export interface TargetFacts {
  /** null: no definite answer, which counts as none. */
  permission: Permission | null;
  /** No branch, no commit. */
  empty: boolean;
}

/** What a task asks before it begins, as far as GitHub's GraphQL said it for certain; what it left open is not there. */
export interface TaskFacts {
  target?: Pick<Repository, 'id' | 'fullName' | 'visibility' | 'archived' | 'defaultBranch'> | undefined;
  control?: Pick<Repository, 'id' | 'visibility'> | undefined;
  /** Whether the target has pull requests, in any state, whose head is a branch of that name, be it a fork's. */
  proposed?: boolean | undefined;
  /** Commits at which its branches are: the base, and the one that was asked for; null: there is none. */
  heads?: { base: string; branch: string | null } | undefined;
}

/** Reading one installation's part of GitHub. Every method may throw GitHubError. */
export interface GitHubReads {
  /** Every repository of the installation. */
  repositories(): Promise<Repository[]>;
  /** undefined: it does not exist or the installation cannot see it. */
  repository(fullName: string): Promise<Repository | undefined>;
  /** The permission of a person on one repository, by GitHub's authoritative REST answer. */
  permission(fullName: string, person: Person): Promise<Permission>;
  /** The same and emptiness for many, by GraphQL in batches, falling back to REST; keyed by repository id. */
  targetFacts(repositories: readonly Repository[], person: Person): Promise<Map<number, TargetFacts>>;
  /** Names are owner/name. `base` null: the default branch. */
  taskFacts(of: { target: string; control: string; base: string | null; branch: string }): Promise<TaskFacts>;
  /** SHA of the default branch's newest commit; undefined: no such repository, or one without commits. */
  head(fullName: string): Promise<string | undefined>;
  /** Text of a file on the default branch, or at a commit; undefined when there is none. Throws UnreadableFile. */
  file(fullName: string, path: string, commit?: string): Promise<string | undefined>;
  /** Names of the entries of a directory on the default branch; empty when there is none. */
  directory(fullName: string, path: string): Promise<string[]>;
  /** A person by login; undefined when unknown. */
  person(login: string): Promise<Person | undefined>;
}
