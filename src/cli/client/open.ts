import open from 'open';
import { fleetAnswer } from './answers.ts';
import { ClientError } from './client-error.ts';
import { say, tell } from './say.ts';
import { webAddress } from './server-address.ts';
import { openServer, type ServerFlags } from './session.ts';

/** Opens a fleet's tracking issue in the browser; where there is none, prints its address alone. */
export async function runOpen(id: string, flags: ServerFlags): Promise<number> {
  const server = openServer(flags);
  const { body } = await server.ask({ method: 'GET', path: `/fleets/${encodeURIComponent(id)}` }, fleetAnswer);
  if (body.tracking_issue_url === null) {
    throw new ClientError(`The fleet ${body.id} has no tracking issue yet.`, 'Try again in a few seconds.');
  }
  const url = webAddress(body.tracking_issue_url);
  // An address of another kind would start some other program.
  if (url === null) throw new ClientError('The tracking issue has no address of the web.', 'Nothing was opened.');
  say(url.href);
  if (process.stdout.isTTY && !(await opened(url.href))) tell('No browser could be started here.');
  return 0;
}

async function opened(address: string): Promise<boolean> {
  try {
    const child = await open(address);
    return await new Promise((resolve) => {
      child.once('error', () => resolve(false));
      child.once('exit', (code) => resolve(code === 0 || code === null));
      setTimeout(() => resolve(true), STARTED_MS).unref();
    });
  } catch {
    return false;
  }
}

const STARTED_MS = 2_000;
