import { BlockList, isIP } from 'node:net';

/**
 * Sources: the special-purpose address registries of IANA (RFC 6890), and the documentation of the clouds.
 * special: link-local and where clouds answer with credentials, and what is reserved; nowhere: no single host.
 */
export type AddressKind = 'public' | 'private' | 'loopback' | 'special' | 'nowhere';

/** The first that holds an address says what it is. */
const RANGES: readonly { kind: AddressKind; subnets: readonly string[] }[] = [
  { kind: 'special', subnets: ['100.100.100.200/32', 'fd00:ec2::254/128', 'fd20:ce::254/128'] },
  { kind: 'loopback', subnets: ['127.0.0.0/8', '::1/128'] },
  { kind: 'private', subnets: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'] },
  { kind: 'nowhere', subnets: ['0.0.0.0/8', '224.0.0.0/4', '255.255.255.255/32', '::/128', 'ff00::/8'] },
  {
    kind: 'special',
    subnets: [
      '169.254.0.0/16',
      '192.0.0.0/24',
      '192.0.2.0/24',
      '192.88.99.0/24',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '240.0.0.0/4',
      // Of IPv6 only 2000::/3 is given out; in it are tunnels that lead to addresses of IPv4.
      '::/3',
      '2001::/23',
      '2001:db8::/32',
      '2002::/16',
      '3fff::/20',
      '4000::/2',
      '8000::/1',
    ],
  },
];

/** One list a family: checked against IPv6, an address of IPv4 counts as the one that maps it. */
const lists = RANGES.flatMap(({ kind, subnets }) =>
  (['ipv4', 'ipv6'] as const).map((family) => {
    const list = new BlockList();
    for (const subnet of subnets.filter((each) => each.includes(':') === (family === 'ipv6'))) {
      const [network = '', bits] = subnet.split('/');
      list.addSubnet(network, Number(bits), family);
    }
    return { kind, family, list };
  }),
);

/** What is no address is `nowhere`. */
export function addressKind(address: string): AddressKind {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return 'nowhere';
  const inner = version === 6 ? innerAddress(address) : null;
  if (inner !== null) return addressKind(inner);
  const family = version === 6 ? 'ipv6' : 'ipv4';
  return lists.find((each) => each.family === family && each.list.check(address, family))?.kind ?? 'public';
}

/** The IPv4 address that an IPv6 address stands for: mapped (::ffff:0:0/96), or through a NAT64 (64:ff9b::/96). */
function innerAddress(address: string): string | null {
  const canonical = new URL(`http://[${address}]`).hostname;
  const [, high, low] = /^\[(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return null;
  return [high, low].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]).join('.');
}
