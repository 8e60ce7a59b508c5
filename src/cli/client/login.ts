import { createInterface } from 'node:readline/promises';
import { z } from 'zod';
import { clientEnvironment } from '../../config.ts';
import { ClientError, usageError } from './client-error.ts';
import { awaitToken, loginPlace, startDeviceFlow } from './device-flow.ts';
import { forgetToken, keepToken } from './kept-token.ts';
import { tell } from './say.ts';
import { Server } from './server.ts';
import { addressOf, type ServerFlags } from './session.ts';
import { unreachable } from './unreachable.ts';

export interface LoginFlags extends ServerFlags {
  yes: boolean;
}

/** Gets a token by GitHub's device flow, tries it on the server, and has git's credential helper keep it. */
export async function runLogin(flags: LoginFlags): Promise<number> {
  const address = addressOf(flags);
  const place = loginPlace(address, await challengeOf(address));
  tell(`${address} signs people in at ${place.github}.`);
  if (!(await agreed(flags, place.github))) throw new ClientError('Nothing was done.', '');
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const code = await startDeviceFlow(place, Date.now());
  tell(`Open ${code.address} and enter the code ${code.userCode}`);
  tell("GitHub shows there which app asks: go on only for your organization's Flotilla.");
  const granted = await awaitToken(place, code, { now: Date.now, signal: stop.signal }).catch((error: unknown) => {
    if (stop.signal.aborted) throw new ClientError('The login was given up.', 'Nothing was kept.', { exitStatus: 130 });
    throw error;
  });
  await tryToken(address, granted.token);
  const how = await keepToken(address, granted.token, granted.expiresAt, Date.now());
  tell(`Logged in to ${address}. The token is good${untilText(granted.expiresAt)}, and kept ${how}.`);
  if (clientEnvironment().token !== null) tell('FLEET_TOKEN is set, and commands take that one.');
  return 0;
}

/** Takes the token away from this machine. */
export async function runLogout(flags: ServerFlags): Promise<number> {
  const address = addressOf(flags);
  const was = await forgetToken(address);
  tell(
    was
      ? `The token for ${address} is forgotten here. GitHub takes it until it expires.`
      : `There was no token for ${address}.`,
  );
  return 0;
}

/** Whoever runs the server says where the person signs in, so the person looks first. */
async function agreed({ yes }: LoginFlags, github: string): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) {
    throw usageError(
      'Nobody can be asked here whether that is right.',
      `Check that ${github} is your GitHub, then add --yes.`,
    );
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await asking.question('Is that your GitHub? [y/N] ');
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}

/** What the server tells somebody without a token. */
async function challengeOf(address: string): Promise<string | null> {
  try {
    const response = await fetch(`${address}/v1/fleets`, { redirect: 'manual', signal: AbortSignal.timeout(15_000) });
    await response.body?.cancel();
    return response.headers.get('www-authenticate');
  } catch (error) {
    throw unreachable(address, error);
  }
}

/** @throws ServerRefused where the server does not take it */
async function tryToken(address: string, token: string): Promise<void> {
  const server = new Server(address, { get: async () => token, refused: async () => false });
  await server.ask({ method: 'GET', path: '/fleets', query: { limit: '1' } }, z.unknown());
}

const untilText = (expiresAt: number | null): string =>
  expiresAt === null ? '' : ` until ${new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
