import { createHmac, timingSafeEqual } from 'node:crypto';

/** What only someone who has read a page since the server's start knows; an origin alone can be made up by any process. */
export interface PageKey {
  /** Stands hidden in every form. */
  formToken: string;
  /** Kept by the browser as a cookie: another value, because browsers send cookies to every port of a host. */
  cookie: string;
}

/** @param secret random, of this start alone */
export function createPageKey(secret: Buffer): PageKey {
  const derive = (name: string): string => createHmac('sha256', secret).update(name).digest('base64url');
  return { formToken: derive('form'), cookie: derive('cookie') };
}

/** Two servers on one host must not overwrite each other's cookie, so its name has the port. */
export const cookieName = (baseUrl: string): string => `local-github-${new URL(baseUrl).port}`;

export function cookieIn(header: string | undefined, name: string): string {
  const pairs = header?.split(/; */) ?? [];
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

export function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
