import type { Person } from '../../../core/plan.ts';
import type { ApiSettings } from '../../../core/settings/types.ts';
import { type Caller, CallerRefused, type Callers } from '../../../ports/callers.ts';
import type { ClientOptions } from '../client.ts';
import { createCallerMemory } from './caller-memory.ts';
import { createTokenCheck } from './token-check.ts';
import { personOfToken } from './token-owner.ts';

export interface CallersOptions extends ClientOptions {
  /** `https://github.com` */
  webUrl: string;
  /** The app's OAuth client; null: tokens of people cannot be checked, and nobody can log in. */
  client: { id: string; secret: string } | null;
  settings: Pick<ApiSettings, 'allowPat' | 'audience'>;
}

/** Asks GitHub whose a token is. What it answered is known for a minute, by the token's digest alone. */
export function createCallers(options: CallersOptions): Callers {
  const { client, settings, webUrl } = options;
  const check = client === null ? null : createTokenCheck(options, client);
  const memory = createCallerMemory(options.clock);

  async function ask(token: string): Promise<Caller> {
    if (token.startsWith('ghu_')) {
      if (check === null)
        throw new CallerRefused(NO_CLIENT, 'Ask the operator to set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET.');
      return person(await check(token));
    }
    if (/^(?:ghp_|github_pat_)/.test(token)) {
      if (!settings.allowPat) throw new CallerRefused(NO_PAT, LOGIN);
      return person(await personOfToken(options, token));
    }
    throw new CallerRefused('The token is none that this server takes.', LOGIN);
  }

  return {
    identify: (token) => memory.once(token, () => ask(token)),
    login: client === null ? null : { clientId: client.id, webUrl },
  };
}

function person(found: Person | undefined): Caller {
  if (found === undefined)
    throw new CallerRefused('GitHub does not know the token for this app, or it has expired or was revoked.', LOGIN);
  return { kind: 'person', person: found };
}

const LOGIN = '`fleet login` gets a token that was issued to this app.';
const NO_PAT = 'Personal access tokens are not taken here.';
const NO_CLIENT = 'This server cannot check the tokens of people: it has no OAuth client of the app.';
