import type { Person } from '../core/plan.ts';

/** Who asks through the HTTP API, as GitHub vouches for them. */
export type Caller =
  /** A person, by a token of theirs. */
  | { kind: 'person'; person: Person }
  /** A job of GitHub Actions on the default branch of `repository`; `person` is the bot that acts there, never who started the job. */
  | { kind: 'job'; person: Person; repository: { id: number; fullName: string } };

/** The same caller has the same key, whatever token they come with. */
export const callerKey = (caller: Caller): string =>
  caller.kind === 'person' ? `person:${caller.person.id}` : `job:${caller.repository.id}`;

/** The token is not taken. Neither message nor remedy holds any part of it. */
export class CallerRefused extends Error {
  override readonly name = 'CallerRefused';
  /** What to do. */
  readonly remedy: string;

  constructor(problem: string, remedy: string, options?: ErrorOptions) {
    super(problem, options);
    this.remedy = remedy;
  }
}

export interface Callers {
  /**
   * Whose token it is: a user access token of this app, a personal access token where the operator allows them, or an
   * OIDC token of a job. `asking` is called before GitHub is asked about one that was not taken lately; what it throws
   * ends the call. Throws CallerRefused; GitHubError where GitHub gives no answer.
   */
  identify(token: string, asking: () => void): Promise<Caller>;
  /** What somebody without a token needs to get one by the device flow; null: the app has no client id here. */
  login: { clientId: string; webUrl: string } | null;
}
