import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ClientError, NoAnswer } from './client-error.ts';
import { isPrivateWay, webAddress } from './server-address.ts';
import { unreachable } from './unreachable.ts';

/** Of the app, as the server tells it. */
export interface LoginPlace {
  clientId: string;
  /** Of GitHub, without a path: `https://github.com`. */
  github: string;
}

export interface DeviceCode {
  deviceCode: string;
  /** What the person types, such as `WDJB-MJHT`. */
  userCode: string;
  /** Where. */
  address: string;
  /** Epoch milliseconds. */
  expiresAt: number;
  /** Seconds between two questions. */
  interval: number;
}

export interface GrantedToken {
  token: string;
  /** Epoch milliseconds; null: it does not expire. */
  expiresAt: number | null;
}

const TIMEOUT_MS = 15_000;
const SLOWER_S = 5;

const codeAnswer = z.object({
  device_code: z.string(),
  user_code: z.string().regex(/^[A-Z0-9-]{4,20}$/i),
  verification_uri: z.string(),
  expires_in: z.number(),
  interval: z.number().default(5),
});

const tokenAnswer = z.union([
  z.object({ access_token: z.string(), expires_in: z.number().optional() }),
  z.object({ error: z.string(), interval: z.number().optional() }),
]);

/** The server's challenge. @throws ClientError where it names no GitHub, or one that a token must not travel to */
export function loginPlace(address: string, challenge: string | null): LoginPlace {
  const clientId = /\bclient_id="([\w.-]{1,100})"/.exec(challenge ?? '')?.[1];
  const github = webAddress(/\bgithub="([^"\s]{1,300})"/.exec(challenge ?? '')?.[1] ?? '');
  if (!/^bearer\b/i.test(challenge ?? '')) {
    throw new ClientError(`${address} does not answer as Flotilla does.`, 'Check the address.');
  }
  if (clientId === undefined || github === null) {
    throw new ClientError(
      `${address} offers no login: its app has no OAuth client there.`,
      'Ask the operator to set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET, or set FLEET_TOKEN.',
    );
  }
  if (!isPrivateWay(github)) {
    throw new ClientError(`${address} names a GitHub without https: ${github.origin}.`, 'Ask whoever runs the server.');
  }
  return { clientId, github: github.origin };
}

/**
 * Source: docs.github.com, "Generating a user access token for a GitHub App", "Device flow".
 * @param now epoch milliseconds
 */
export async function startDeviceFlow({ clientId, github }: LoginPlace, now: number): Promise<DeviceCode> {
  const parsed = codeAnswer.safeParse(await post(`${github}/login/device/code`, { client_id: clientId }));
  if (!parsed.success) {
    throw new ClientError(
      `${github} began no login for the app ${clientId}.`,
      "Ask the app's owner to choose _Enable Device Flow_ in its settings on GitHub.",
    );
  }
  const {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: uri,
    expires_in: life,
    interval,
  } = parsed.data;
  const address = webAddress(uri);
  // Somewhere else the person would tell the code, and maybe a password, to somebody else.
  if (address?.origin !== new URL(github).origin) {
    throw new ClientError(
      `${github} names a page of another host for the code.`,
      'Nothing was done; tell your administrator.',
    );
  }
  return { deviceCode, userCode, address: address.href, expiresAt: now + life * 1000, interval: Math.max(1, interval) };
}

/** Asks in GitHub's rhythm until the person has decided. @throws ClientError; AbortError when `signal` aborts */
export async function awaitToken(
  { clientId, github }: LoginPlace,
  code: DeviceCode,
  { now, signal }: { now: () => number; signal: AbortSignal },
): Promise<GrantedToken> {
  let { interval } = code;
  while (now() < code.expiresAt) {
    await pause(interval * 1000, undefined, { signal });
    const answer = await post(`${github}/login/oauth/access_token`, {
      client_id: clientId,
      device_code: code.deviceCode,
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    }).catch((error: unknown) => {
      // The code outlives a network that is away for a moment.
      if (error instanceof NoAnswer) return { error: 'authorization_pending' };
      throw error;
    });
    const parsed = tokenAnswer.safeParse(answer);
    if (!parsed.success) throw new ClientError(`${github} answered nothing that is known.`, 'Try again later.');
    if ('access_token' in parsed.data) {
      const { access_token: token, expires_in: life } = parsed.data;
      return { token, expiresAt: life === undefined ? null : now() + life * 1000 };
    }
    const { error } = parsed.data;
    if (error === 'slow_down') interval = Math.max(interval + SLOWER_S, parsed.data.interval ?? 0);
    else if (error !== 'authorization_pending') throw refusedLogin(error);
  }
  throw refusedLogin('expired_token');
}

function refusedLogin(error: string): ClientError {
  switch (error) {
    case 'expired_token':
      return new ClientError('The code has expired.', 'Run `fleet login` again.');
    case 'access_denied':
      return new ClientError('The login was cancelled on GitHub.', 'Nothing was kept.');
    default:
      return new ClientError(
        `GitHub refuses the login (${error.replace(/[^\w-]/g, '').slice(0, 60)}).`,
        "Ask the app's owner to choose _Enable Device Flow_ in its settings on GitHub.",
      );
  }
}

/** undefined: no JSON. */
async function post(url: string, fields: Readonly<Record<string, string>>): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(fields),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return parseJson(text);
  } catch (error) {
    throw unreachable(new URL(url).origin, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
