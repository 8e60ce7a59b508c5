import { isIP } from 'node:net';
import type { AddressKind } from './address-kind.ts';
import { readTarget, type Target } from './target.ts';

/** The kinds of addresses at which a target may be; null: it is not on the list. */
export type AllowList = (target: Target) => ReadonlySet<AddressKind> | null;

interface Entry {
  matches(target: Target): boolean;
  kinds: readonly AddressKind[];
}

const USUAL_PORTS = [443, 80];

/**
 * @param entries `example.com`, `*.example.com` (below it only), each with 443 and 80, or with the one port that it names;
 *   what is written wrongly allows nothing
 */
export function createAllowList(entries: readonly string[]): AllowList {
  const read = entries.map(readEntry).filter((entry) => entry !== null);
  return (target) => {
    const matching = read.filter((entry) => entry.matches(target));
    return matching.length === 0 ? null : new Set(matching.flatMap((entry) => entry.kinds));
  };
}

function readEntry(entry: string): Entry | null {
  const below = entry.startsWith('*.');
  const written = below ? entry.slice(2) : entry;
  const withPort = readTarget(written, null);
  const listed = withPort ?? readTarget(written, 443);
  if (listed === null) return null;
  const port = withPort?.port ?? null;
  return {
    matches: ({ host, port: wanted }) =>
      (port === null ? USUAL_PORTS.includes(wanted) : wanted === port) &&
      (below ? host.endsWith(`.${listed.host}`) : host === listed.host),
    kinds: kindsOf(listed.host, port !== null && !below),
  };
}

/**
 * Whoever owns a name decides where it leads, so a name stands for public addresses; one with its port was written by an
 * operator who knows a service of their own. Addresses by number are what they are.
 */
function kindsOf(host: string, exact: boolean): AddressKind[] {
  if (isIP(host) !== 0) return ['public', 'private', 'loopback', 'special'];
  if (!exact) return ['public'];
  return /^(?:.+\.)?localhost$/.test(host) ? ['public', 'private', 'loopback'] : ['public', 'private'];
}
