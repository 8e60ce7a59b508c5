import { ClientError } from './client-error.ts';
import {
  approveCredential,
  type CredentialPlace,
  configuredHelper,
  fillCredential,
  inMemory,
  rejectCredential,
} from './git-credential.ts';
import { plainToken, type Tokens } from './tokens.ts';

/** GitHub's user access tokens live so long. Source: docs.github.com, "Refreshing user access tokens". */
const LONGEST_MS = 8 * 3600 * 1000;

const placeOf = (address: string): CredentialPlace => {
  const { protocol, host } = new URL(address);
  return { protocol: protocol.replace(/:$/, ''), host };
};

async function optionsFor(
  place: CredentialPlace,
  seconds: number,
): Promise<{ helper: string | null; options: readonly string[] }> {
  const helper = await configuredHelper(place);
  return { helper, options: helper === null ? inMemory(seconds) : [] };
}

/** The token that `fleet login` has kept for this server. */
export function keptToken(address: string): Tokens {
  let known: string | undefined;
  return {
    async get() {
      known ??= await readToken(address);
      if (known !== undefined) return known;
      throw new ClientError(`There is no token for ${address}.`, 'Run `fleet login`, or set FLEET_TOKEN.');
    },
    async refused() {
      known = undefined;
      await forgetToken(address);
      return false;
    },
  };
}

async function readToken(address: string): Promise<string | undefined> {
  const place = placeOf(address);
  const { options } = await optionsFor(place, LONGEST_MS / 1000);
  const token = await fillCredential(place, options);
  return token === undefined ? undefined : plainToken(token, "What git's credential helper keeps for this server");
}

/**
 * Where it was kept, for people. Only the token itself: what renews it lives for half a year.
 * @param expiresAt epoch milliseconds; null: it does not expire
 * @throws ClientError where no helper has it afterwards
 */
export async function keepToken(
  address: string,
  token: string,
  expiresAt: number | null,
  now: number,
): Promise<string> {
  const place = placeOf(address);
  const lifetime = Math.min((expiresAt ?? Number.POSITIVE_INFINITY) - now, LONGEST_MS);
  const { helper, options } = await optionsFor(place, Math.max(1, Math.floor(lifetime / 1000)));
  await approveCredential(place, token, expiresAt, options);
  if ((await fillCredential(place, options)) !== token) {
    throw new ClientError(
      `git's credential helper${helper === null ? '' : ` \`${helper}\``} did not keep the token.`,
      'Set up another one (git help credentials), or set FLEET_TOKEN.',
    );
  }
  if (helper !== null)
    return `by git's credential helper \`${helper}\`${isPlain(helper) ? ', readable in a file of yours' : ''}`;
  return "in memory by git's credential cache, as no credential helper is set up";
}

/** false: there was none. */
export async function forgetToken(address: string): Promise<boolean> {
  const place = placeOf(address);
  const { options } = await optionsFor(place, LONGEST_MS / 1000);
  const was = (await fillCredential(place, options)) !== undefined;
  if (was) await rejectCredential(place, options);
  return was;
}

const isPlain = (helper: string): boolean => /^(?:\S*git-credential-)?store\b/.test(helper);
