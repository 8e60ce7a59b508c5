import { readTarget, type Target } from './target.ts';

/** `example.com`, `*.example.com` (below it only), each with or without a port. */
export interface ListedHost {
  host: string;
  below: boolean;
  /** null: none is written. */
  port: number | null;
}

/** null for what is written wrongly, which lists nothing. */
export function readListedHost(entry: string): ListedHost | null {
  const below = entry.startsWith('*.');
  const written = below ? entry.slice(2) : entry;
  const withPort = readTarget(written, null);
  const listed = withPort ?? readTarget(written, 443);
  return listed === null ? null : { host: listed.host, below, port: withPort?.port ?? null };
}

/** @param usualPorts that an entry without a port stands for */
export function isListed(listed: ListedHost, { host, port }: Target, usualPorts: readonly number[]): boolean {
  if (listed.port === null ? !usualPorts.includes(port) : port !== listed.port) return false;
  return listed.below ? host.endsWith(`.${listed.host}`) : host === listed.host;
}
