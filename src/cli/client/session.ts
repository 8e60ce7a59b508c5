import { clientEnvironment } from '../../config.ts';
import { cleanLines } from '../../core/render/terminal-text.ts';
import { actionsTokens } from './actions-tokens.ts';
import { ClientError } from './client-error.ts';
import { keptToken } from './kept-token.ts';
import { Server } from './server.ts';
import { serverAddress } from './server-address.ts';
import { type Tokens, tokenOfVariable } from './tokens.ts';

export interface ServerFlags {
  server?: string;
}

/** The server that is meant, and whoever asks it. @throws ClientError */
export function openServer(flags: ServerFlags): Server {
  const address = addressOf(flags);
  return new Server(address, tokensFor(address));
}

export const addressOf = ({ server }: ServerFlags): string => serverAddress(server ?? clientEnvironment().server);

/** The first of: FLEET_TOKEN, a job of GitHub Actions that may have a token, what `fleet login` kept. */
function tokensFor(address: string): Tokens {
  const { token, actions } = clientEnvironment();
  if (token !== null) return tokenOfVariable(token);
  if (actions !== null) return actionsTokens(actions, address, Date.now);
  return keptToken(address);
}

/** The exit status that the command comes to; what was wrong is told on standard error. */
export async function runClient(command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    complain(error);
    return error.exitStatus;
  }
}

function complain({ message, remedy, requestId }: ClientError): void {
  const lines = [message, remedy, requestId === null ? '' : `(request ${requestId})`];
  process.stderr.write(`${cleanLines(lines.filter((line) => line !== '').join('\n'))}\n`);
}
