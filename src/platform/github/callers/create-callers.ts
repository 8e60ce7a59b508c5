import type { Person } from '../../../core/plan.ts';
import type { ApiSettings } from '../../../core/settings/types.ts';
import { type Caller, CallerRefused, type Callers } from '../../../ports/callers.ts';
import type { GitHub } from '../../../ports/github.ts';
import type { ClientOptions } from '../client.ts';
import { createCallerMemory } from './caller-memory.ts';
import { findJob } from './job-caller.ts';
import { isJobToken, readJobToken } from './job-token.ts';
import { createSigningKeys } from './signing-keys.ts';
import { createTokenCheck } from './token-check.ts';
import { personOfToken } from './token-owner.ts';

export interface CallersOptions extends ClientOptions {
  /** `https://github.com` */
  webUrl: string;
  /** The app's OAuth client; null: tokens of people cannot be checked, and nobody can log in. */
  client: { id: string; secret: string } | null;
  settings: Pick<ApiSettings, 'allowPat' | 'audience'>;
  /** Where the repositories of jobs are looked for. */
  github: Pick<GitHub, 'installationOf' | 'reads'>;
}

/** Asks GitHub whose a token is. What it answered is known for a minute, by the token's digest alone. */
export function createCallers(options: CallersOptions): Callers {
  const { client, github, settings, webUrl } = options;
  const check = client === null ? null : createTokenCheck(options, client);
  const issuer = issuerOf(webUrl);
  const keys = createSigningKeys(issuer, options.fetch);
  const memory = createCallerMemory(options.clock);

  return {
    async identify(token, asking) {
      if (token.startsWith('ghu_')) {
        if (check === null) throw new CallerRefused(NO_CLIENT, SET_CLIENT);
        return memory.once(token, async () => person(await check(token)), asking);
      }
      if (/^(?:ghp_|github_pat_)/.test(token)) {
        if (!settings.allowPat) throw new CallerRefused(NO_PAT, LOGIN);
        return memory.once(token, async () => person(await personOfToken(options, token)), asking);
      }
      if (token.startsWith('ghs_')) throw new CallerRefused(NO_BOT, BY_OIDC);
      if (!isJobToken(token)) throw new CallerRefused('The token is none that this server takes.', LOGIN);
      if (settings.audience === null) throw new CallerRefused(NO_JOBS, SET_AUDIENCE);
      // Each time, as it expires by real time; what was looked up on GitHub is the same for the next job of the place.
      const job = await readJobToken(token, { issuer, audience: settings.audience, keys });
      return memory.once(`job ${JSON.stringify(job)}`, () => findJob(github, job), asking);
    },
    login: client === null ? null : { clientId: client.id, webUrl },
  };
}

/** Source: docs.github.com/actions/reference/security/oidc, and the same page of GitHub Enterprise Server. */
const issuerOf = (webUrl: string): string =>
  webUrl === 'https://github.com' ? 'https://token.actions.githubusercontent.com' : `${webUrl}/_services/token`;

function person(found: Person | undefined): Caller {
  if (found === undefined)
    throw new CallerRefused('GitHub does not know the token for this app, or it has expired or was revoked.', LOGIN);
  return { kind: 'person', person: found };
}

const LOGIN = '`fleet login` gets a token that was issued to this app.';
const NO_PAT = 'Personal access tokens are not taken here.';
const NO_CLIENT = 'This server cannot check the tokens of people: it has no OAuth client of the app.';
const SET_CLIENT = 'Ask the operator to set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET.';
const NO_BOT = 'Tokens of apps, `GITHUB_TOKEN` of a job among them, are not taken.';
const BY_OIDC = "Give the job `permissions: id-token: write`, and send its OIDC token for this server's audience.";
const NO_JOBS = 'This server takes no tokens of jobs.';
const SET_AUDIENCE = "Ask the operator to set `api: { audience: … }` in the server's settings.";
