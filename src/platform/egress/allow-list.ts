import { isIP } from 'node:net';
import { isListed, readListedHost } from '../../core/network/listed-host.ts';
import type { Target } from '../../core/network/target.ts';
import type { AddressKind } from './address-kind.ts';

/** The kinds of addresses at which a target may be; null: it is not on the list. */
export type AllowList = (target: Target) => ReadonlySet<AddressKind> | null;

interface Entry {
  matches(target: Target): boolean;
  kinds: readonly AddressKind[];
}

const USUAL_PORTS = [443, 80];

/**
 * @param entries `example.com`, `*.example.com` (below it only), each with the usual ports (443 and 80), or with the one port that it names;
 *   what is written wrongly allows nothing
 */
export function createAllowList(entries: readonly string[], usualPorts: readonly number[] = USUAL_PORTS): AllowList {
  const read = entries.map((entry) => readEntry(entry, usualPorts)).filter((entry) => entry !== null);
  return (target) => {
    const matching = read.filter((entry) => entry.matches(target));
    return matching.length === 0 ? null : new Set(matching.flatMap((entry) => entry.kinds));
  };
}

function readEntry(entry: string, usualPorts: readonly number[]): Entry | null {
  const listed = readListedHost(entry);
  if (listed === null) return null;
  return {
    matches: (target) => isListed(listed, target, usualPorts),
    kinds: kindsOf(listed.host, listed.port !== null && !listed.below),
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
