import { describe, expect, test } from 'vitest';
import { readTarget, writeTarget } from '../../../src/core/network/target.ts';
import { addressKind } from '../../../src/platform/egress/address-kind.ts';
import { createAllowList } from '../../../src/platform/egress/allow-list.ts';

const listed = (entries: string[], authority: string): boolean => {
  const target = readTarget(authority, 443);
  return target !== null && createAllowList(entries)(target) !== null;
};

describe('a target', () => {
  test.each([
    ['example.com:443', 'example.com', 443],
    ['EXAMPLE.com.:8443', 'example.com', 8443],
    ['bücher.example:80', 'xn--bcher-kva.example', 80],
    ['ex%61mple.com:80', 'example.com', 80],
    ['0x7f.1:80', '127.0.0.1', 80],
    ['2130706433:80', '127.0.0.1', 80],
    ['017700000001:80', '127.0.0.1', 80],
    ['127.1:80', '127.0.0.1', 80],
    ['127.0.0.1.:80', '127.0.0.1', 80],
    ['[::ffff:127.0.0.1]:80', '::ffff:7f00:1', 80],
    ['[0:0:0:0:0:0:0:1]:80', '::1', 80],
    ['１２７.0.0.1:80', '127.0.0.1', 80],
  ])('%s is read as clients read it', (authority, host, port) => {
    expect(readTarget(authority, null)).toEqual({ host, port });
  });

  test.each([
    '',
    ':443',
    'example.com',
    'example.com:',
    'example.com:0',
    'example.com:65536',
    'example.com:+443',
    'user@example.com:443',
    'good.example@evil.example:443',
    'good.example#evil.example:443',
    'good.example\\evil.example:443',
    'good.example/:443',
    'good.example?:443',
    'good.example%00.evil.example:443',
    'good.example%2f:443',
    'good example:443',
    'example.com..:443',
    '.:443',
    '[::1%25lo]:443',
    '[::1:443',
    '1.2.3.256:443',
    `${'a'.repeat(400)}:443`,
  ])('%j is none', (authority) => {
    expect(readTarget(authority, null)).toBeNull();
  });

  test('is written back with its port and with brackets where it needs them', () => {
    expect(writeTarget({ host: '::1', port: 443 })).toBe('[::1]:443');
    expect(writeTarget({ host: 'example.com', port: 80 }, 80)).toBe('example.com');
  });
});

describe('a list of hosts', () => {
  test.each([
    ['example.com', 'example.com:443'],
    ['example.com', 'example.com:80'],
    ['Example.COM', 'EXAMPLE.com.:443'],
    ['*.example.com', 'a.example.com:443'],
    ['*.example.com', 'a.b.example.com:80'],
    ['example.com:8443', 'example.com:8443'],
    ['*.example.com:8443', 'a.example.com:8443'],
    ['127.0.0.1:1234', '0x7f.1:1234'],
    ['xn--bcher-kva.example', 'bücher.example:443'],
  ])('with %s lets through to %s', (entry, authority) => expect(listed([entry], authority)).toBe(true));

  test.each([
    ['example.com', 'example.com:22'],
    ['example.com', 'a.example.com:443'],
    ['example.com', 'example.com.evil.example:443'],
    ['example.com', 'notexample.com:443'],
    ['*.example.com', 'example.com:443'],
    ['*.example.com', 'evilexample.com:443'],
    ['*.example.com', '.example.com:443'],
    ['example.com:8443', 'example.com:443'],
    ['example.com:443', 'example.com:80'],
    ['example.com:80', 'example.com:443'],
    ['127.0.0.1:1234', '[::ffff:127.0.0.1]:1234'],
    ['127.0.0.1:1234', '127.0.0.1:1235'],
    ['127.0.0.1:1234', 'localhost:1234'],
    ['not a host', 'not:443'],
  ])('with %s does not let through to %s', (entry, authority) => expect(listed([entry], authority)).toBe(false));

  test.each([
    ['example.com', 'example.com:443', ['public']],
    ['*.example.com:8443', 'a.example.com:8443', ['public']],
    ['example.com:443', 'example.com:443', ['private', 'public']],
    ['localhost:8443', 'localhost:8443', ['loopback', 'private', 'public']],
    ['localhost', 'localhost:443', ['public']],
    ['10.0.0.5', '10.0.0.5:443', ['loopback', 'private', 'public', 'special']],
  ])('with %s says at what addresses %s may be', (entry, authority, kinds) => {
    const target = readTarget(authority, null);
    const found = target && createAllowList(['other.example', entry])(target);
    expect([...(found ?? [])].sort()).toEqual(kinds);
  });
});

describe('an address', () => {
  test.each([
    ['93.184.215.14', 'public'],
    ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', 'public'],
    ['64:ff9b::5db8:d70e', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['64:ff9b::a00:1', 'private'],
    ['fd00::1', 'private'],
    ['169.254.169.254', 'special'],
    ['::ffff:169.254.169.254', 'special'],
    ['64:ff9b::a9fe:a9fe', 'special'],
    ['fe80::1', 'special'],
    ['fd00:ec2::254', 'special'],
    ['fec0::1', 'special'],
    ['100.100.100.200', 'special'],
    ['192.0.2.1', 'special'],
    ['198.18.0.1', 'special'],
    ['240.0.0.1', 'special'],
    ['2001:db8::1', 'special'],
    ['2002:7f00:1::', 'special'],
    ['2001::1', 'special'],
    ['::127.0.0.1', 'special'],
    ['64:ff9b:1::1', 'special'],
    ['0.0.0.0', 'nowhere'],
    ['0.1.2.3', 'nowhere'],
    ['255.255.255.255', 'nowhere'],
    ['224.0.0.1', 'nowhere'],
    ['::', 'nowhere'],
    ['::ffff:0.0.0.0', 'nowhere'],
    ['ff02::1', 'nowhere'],
    ['fe80::1%lo', 'nowhere'],
    ['example.com', 'nowhere'],
  ])('%s is %s', (address, kind) => expect(addressKind(address)).toBe(kind));

  test.each([
    ['172.15.255.255', 'public'],
    ['172.32.0.0', 'public'],
    ['100.63.255.255', 'public'],
    ['100.128.0.0', 'public'],
    ['169.253.255.255', 'public'],
    ['223.255.255.255', 'public'],
    ['2000::1', 'public'],
  ])('%s beside a special range is %s', (address, kind) => expect(addressKind(address)).toBe(kind));
});
