import type { RunConfig } from '../../config.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

const TIMEOUT_MS = 5_000;
const CHECK = 'server';

/** Whether the server that should answer does. @param holder who runs with the data directory; null: nobody */
export async function checkServer(
  { host, port }: Pick<RunConfig, 'host' | 'port'>,
  holder: string | null,
): Promise<Finding> {
  if (port === 0)
    return ok(CHECK, holder === null ? 'No server runs.' : `A server runs: ${holder}; its port is not fixed.`);
  const url = `http://${reachable(host)}:${port}/healthz`;
  const status = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' }).then(
    async (response) => {
      await response.body?.cancel();
      return response.status;
    },
    () => null,
  );
  if (holder === null) {
    if (status === null)
      return warning(CHECK, 'No server runs with this data directory.', 'npm start, or systemctl start flotilla');
    return fault(CHECK, `No server runs with this data directory, but something answers on ${url}.`, OTHER);
  }
  if (status === 200) return ok(CHECK, `A server runs and answers: ${holder}.`);
  const how = status === null ? 'does not answer' : `answers ${status}`;
  return fault(CHECK, `A server runs (${holder}), but ${url} ${how}.`, MISPLACED);
}

const OTHER = 'It is another program, or a server with another FLEET_DATA_DIR; one of the two needs another PORT.';
const MISPLACED = 'Run the doctor with the HOST and PORT of the server. If they are, its log tells more; restart it.';

/** A server that listens everywhere is asked on loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
