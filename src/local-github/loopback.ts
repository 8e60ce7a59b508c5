/** Whether a URL points to this machine by name; anything that is no http(s) URL does not. */
export function isLoopbackUrl(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) return false;
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(parsed.hostname);
}

/** Said of addresses elsewhere: private texts and keys of this stand-in must not leave the machine. */
export const mustBeLoopback = 'must be on this machine, such as http://127.0.0.1:3000/api/github/webhooks';

interface BrowserHeaders {
  origin?: string | undefined;
  'sec-fetch-site'?: string | string[] | undefined;
}

/** Whether the headers say that a page of another machine sent this; only browsers say where a request comes from. */
export function isFromElsewhere({ origin, 'sec-fetch-site': site }: BrowserHeaders): boolean {
  if (origin !== undefined) return !isLoopbackUrl(origin);
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
