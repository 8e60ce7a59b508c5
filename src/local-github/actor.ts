import type { Account, App, Installation, Token } from './state/records.ts';

/** Who asks: decided by the Authorization header alone. */
export type Actor =
  | { kind: 'anonymous' }
  /** An App JWT: only the `/app` endpoints. */
  | { kind: 'app'; app: App }
  /** An app's client id and secret: only the `/applications` endpoints. */
  | { kind: 'client'; app: App }
  | { kind: 'installation'; app: App; installation: Installation; token: Token; account: Account }
  /** A person; with a user token that was issued to an app, never beyond what the app may do. */
  | { kind: 'user'; account: Account; token: Token; app: App | null };

/** Who writes: the account, and the app through which it wrote. */
export interface Author {
  account: Account;
  app: App | null;
}

/** undefined for actors that cannot write content (anonymous, App JWT). */
export function authorOf(actor: Actor): Author | undefined {
  switch (actor.kind) {
    case 'user':
    case 'installation':
      return { account: actor.account, app: actor.app };
    case 'anonymous':
    case 'app':
    case 'client':
      return undefined;
  }
}

/** One word for the request log: a login, `app:<slug>` or `anonymous`. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'anonymous':
      return 'anonymous';
    case 'app':
      return `app:${actor.app.slug}`;
    case 'client':
      return `client:${actor.app.slug}`;
    case 'installation':
    case 'user':
      return actor.account.login;
  }
}
