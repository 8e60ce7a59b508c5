import { isLoopback } from '../../core/loopback.ts';
import { usageError } from './client-error.ts';

const SET = 'Give it with --server https://flotilla.example.com, or set FLEET_URL.';

/** The server's address without a slash at its end. @throws ClientError where a token would travel readable */
export function serverAddress(given: string | null): string {
  if (given === null || given.trim() === '') throw usageError('No server is given.', SET);
  const url = webAddress(given.trim());
  if (url === null) throw usageError('The address of the server is none of https.', SET);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw usageError(
      'The address of the server holds more than host and path.',
      'Tokens come from FLEET_TOKEN or `fleet login`.',
    );
  }
  if (!isPrivateWay(url)) {
    throw usageError(
      `${url.origin} is http to another machine: the token would cross the network readable.`,
      'Give the https address. http is for a server on this machine.',
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** null: it is neither http nor https, or no address at all. */
export function webAddress(text: string): URL | null {
  const url = URL.parse(text);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : null;
}

/** Nobody between here and there can read along. */
export const isPrivateWay = (url: URL): boolean => url.protocol === 'https:' || isLoopback(url.host);
