import { BlockList, isIP } from 'node:net';

/**
 * Sources: the special-purpose address registries of IANA (RFC 6890).
 * special: link-local, where clouds answer with credentials, and what is reserved; nowhere: no single host.
 */
export type AddressKind = 'public' | 'private' | 'loopback' | 'special' | 'nowhere';

const SUBNETS: Readonly<Record<Exclude<AddressKind, 'public'>, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'],
  nowhere: ['0.0.0.0/8', '224.0.0.0/4', '255.255.255.255/32', '::/128', 'ff00::/8'],
  special: [
    '169.254.0.0/16',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '240.0.0.0/4',
    // Of the second kind of addresses only 2000::/3 is given out; in it, tunnels lead to addresses of the first kind.
    '::/3',
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    '3fff::/20',
    '4000::/2',
    '8000::/1',
  ],
};

const lists = (['loopback', 'private', 'nowhere', 'special'] as const).map((kind) => {
  const list = new BlockList();
  for (const subnet of SUBNETS[kind]) {
    const [network = '', bits] = subnet.split('/');
    list.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return { kind, list };
});

/** What is no address is `nowhere`. */
export function addressKind(address: string): AddressKind {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return 'nowhere';
  const inner = family === 6 ? innerAddress(address) : null;
  if (inner !== null) return addressKind(inner);
  const type = family === 6 ? 'ipv6' : 'ipv4';
  return lists.find(({ list }) => list.check(address, type))?.kind ?? 'public';
}

/** The IPv4 address that an IPv6 address stands for: mapped (::ffff:0:0/96), or through a NAT64 (64:ff9b::/96). */
function innerAddress(address: string): string | null {
  const canonical = new URL(`http://[${address}]`).hostname;
  const [, high, low] = /^\[(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return null;
  return [high, low].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]).join('.');
}
