import { channel } from 'node:diagnostics_channel';

/** A request as it leaves for GitHub, without its headers: they hold the token. */
export interface AnnouncedRequest {
  method: string;
  url: string;
  /** Such as `https://api.github.com`; every REST address begins with it. */
  apiUrl: string;
  /** JSON; '' where the body is no text, which Octokit never sends. */
  body: string | undefined;
  /** A person's own request, with their token, needs none of the app's permissions. */
  as: 'app' | 'person';
}

/** Whoever compares the app's requests with GitHub's contract subscribes here; unheard, a message costs nothing. */
export const REQUEST_CHANNEL = 'flotilla:github:request';

const requests = channel(REQUEST_CHANNEL);

/** The fetch of every client: it tells what is sent and changes nothing. */
export function announcedFetch(
  apiUrl: string,
  fetch: typeof globalThis.fetch | undefined,
  as: AnnouncedRequest['as'],
): typeof globalThis.fetch {
  return (input, init) => {
    if (requests.hasSubscribers) {
      const url = input instanceof Request ? input.url : String(input);
      const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
      requests.publish({ method, url, apiUrl, body: textOf(init?.body), as } satisfies AnnouncedRequest);
    }
    return (fetch ?? globalThis.fetch)(input, init);
  };
}

function textOf(body: RequestInit['body']): string | undefined {
  if (body === undefined || body === null) return undefined;
  return typeof body === 'string' ? body : '';
}
