import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from '../core/loopback.ts';

/** Longer than a person takes to register the app on GitHub; its code is good for an hour too. */
const STATE_MS = 60 * 60_000;
const MOST_STATES = 100;

/** `host`: also the origin of our own pages, without the scheme. `path`: with its query, in the form that was judged. */
type Verdict = { ok: true; host: string; path: string } | { ok: false; status: number; message: string };

interface SetupRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
}

export interface SetupGuard {
  /** A new one-time value for the form that leads to GitHub, which hands it back with the code. */
  newState(): string;
  /** Whether the request may reach the setup page. Uses its state up. */
  judge(request: SetupRequest): Verdict;
}

/**
 * Any page in the operator's browser can send requests to loopback, also under a name of its own that it lets resolve to
 * 127.0.0.1. Whoever gets credentials stored decides which app this server obeys.
 */
export function createSetupGuard(now: () => number, random: (bytes: number) => Buffer): SetupGuard {
  const states = new Map<string, number>();

  const useState = (state: string | null): boolean => {
    const until = state === null ? undefined : states.get(state);
    return until !== undefined && state !== null && states.delete(state) && now() < until;
  };

  return {
    newState() {
      for (const oldest of states.keys()) if (states.size >= MOST_STATES) states.delete(oldest);
      const state = random(24).toString('base64url');
      states.set(state, now() + STATE_MS);
      return state;
    },

    judge({ method, url, headers }) {
      const host = headers.host ?? '';
      // The port is not compared: behind `ssh -L` it is another one.
      if (!isLoopback(host)) return refused(421, 'The setup page is reached through localhost or 127.0.0.1 only.');
      if (!url.startsWith('/')) return refused(400, 'The address of the page is missing.');
      const { pathname, search, searchParams } = new URL(`http://localhost${url}`);
      const allowed: Verdict = { ok: true, host, path: pathname + search };
      if (method === 'GET') {
        if (pathname !== '/probot/setup' || useState(searchParams.get('state'))) return allowed;
        return refused(403, 'This does not answer a form of this setup page. Open /probot and begin again.');
      }
      if (method !== 'POST') return refused(405, 'There is nothing here for this method.');
      // Browsers name the origin with every POST and let no page change it.
      const foreign =
        headers.origin !== `http://${host}` || (headers['sec-fetch-site'] ?? 'same-origin') !== 'same-origin';
      return foreign ? refused(403, 'Only the setup page itself may send this.') : allowed;
    },
  };
}

const refused = (status: number, message: string): Verdict => ({ ok: false, status, message });
