import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { type Target, writeTarget } from '../../core/network/target.ts';
import { type AddressKind, addressKind } from './address-kind.ts';
import type { AllowList } from './allow-list.ts';

/** All addresses of a name. @throws Error when it has none */
export type Lookup = (host: string) => Promise<LookupAddress[]>;

export const systemLookup: Lookup = (host) => dns.lookup(host, { all: true, order: 'verbatim' });

/** Lookups of one box wait for each other: they hold threads of this process, and a name server can be slow on purpose. */
export function oneByOne(lookup: Lookup): Lookup {
  let last: Promise<unknown> = Promise.resolve();
  return (host) => {
    const found = last.then(() => lookup(host));
    last = found.catch(() => undefined);
    return found;
  };
}

/** A target with the addresses that were found for it once; nothing asks for them again. */
export interface Destination {
  target: Target;
  addresses: readonly LookupAddress[];
}

/** An answer of the proxy itself. */
export interface Refusal {
  status: number;
  /** A sentence for who is in the box. */
  text: string;
}

const WHERE =
  "Whoever runs Flotilla allows hosts in the operator's file: under `box.network` for every command, under `network` of an agent for that agent.";

/** Where a box may go: the name is on the list, and so is the kind of place to which it leads. */
export async function destinationOf(
  target: Target,
  allowed: AllowList,
  lookup: Lookup,
): Promise<Destination | Refusal> {
  const kinds = allowed(target);
  const name = writeTarget(target);
  if (kinds === null) return { status: 403, text: `This box may not reach ${name}. ${WHERE}` };
  const found = await resolve(target, lookup);
  if ('status' in found) return found;
  const addresses = found.addresses.filter(({ address }) => kinds.has(addressKind(address)));
  const [first] = found.addresses;
  if (addresses.length > 0 || first === undefined) return { target, addresses };
  const why = `${target.host} leads to ${first.address}, which is ${DESCRIPTIONS[addressKind(first.address)]}`;
  return { status: 403, text: `This box may not reach ${name}: ${why}. ${remedy(addressKind(first.address), name)}` };
}

/** Any destination, as the operator named it. */
export async function resolve(target: Target, lookup: Lookup): Promise<Destination | Refusal> {
  const family = isIP(target.host);
  if (family !== 0) return { target, addresses: [{ address: target.host, family }] };
  try {
    const addresses = await lookup(target.host);
    if (addresses.length > 0) return { target, addresses };
  } catch {
    // Told below: the codes of resolvers differ and help nobody.
  }
  return { status: 502, text: `No address was found for ${target.host}.` };
}

const DESCRIPTIONS: Readonly<Record<AddressKind, string>> = {
  public: 'a public address',
  private: 'an address of a private network',
  loopback: 'the machine that runs Flotilla',
  special: 'a link-local or reserved address',
  nowhere: 'no address of a host',
};

function remedy(kind: AddressKind, name: string): string {
  switch (kind) {
    case 'private':
      return `Whoever runs Flotilla allows a service of their own network with its port: \`${name}\`.`;
    case 'public':
    case 'loopback':
    case 'special':
      return 'Whoever runs Flotilla allows such a place by its address and port alone.';
    case 'nowhere':
      return 'Nothing allows that.';
  }
}
