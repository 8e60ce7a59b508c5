import { expect, it } from 'vitest';
import { heldSecrets, searchableText, shapedSecrets, withLines } from '../../src/core/secrets.ts';

// Put together here, so that this file holds nothing that looks like a secret.
const key = (kind: string): string => `-----BEGIN ${kind}${'PRIVATE'} KEY-----`;

it.each([
  ['a GitHub token', `ghp_${'a1'.repeat(18)}`],
  ['a GitHub token', `xghs_${'a1'.repeat(100)}`],
  ['a GitHub token', `github_pat_${'a1'.repeat(20)}`],
  ['an AWS access key', `AKIA${'ABCD'.repeat(4)}`],
  ['a private key', key('RSA ')],
  ['a private key', `${key('ENCRYPTED ')}\\nMC4CAQ`],
  ['a private key', `${key('')}\nMC4CAQAwBQYDK2Vw`],
  ["a model provider's key", `sk-ant-${'a1'.repeat(12)}`],
  ["a model provider's key", `sk-or-v1-${'a1'.repeat(32)}`],
  ['a Google API key', `AIza${'a1_-b'.repeat(7)}`],
])('finds %s', (kind, value) => {
  const found = shapedSecrets(`one\ntwo ${value}\n`);
  expect(found.map((one) => one.kind)).toEqual([kind]);
  expect(value).toContain(found[0]?.value);
});

it('leaves what only resembles a secret', () => {
  const text = 'ghp_short AKIA123 -----BEGIN PUBLIC KEY----- npm_config_cache AKIAIOSFODNN7EXAMPLE';
  expect(shapedSecrets(text)).toEqual([]);
});

it('tells one private key from another by its first line', () => {
  const [one, other] = ['MIIEpA', 'MIIEow'].map((start) => shapedSecrets(`${key('RSA ')}\n${start}IBAAKC\n`)[0]?.value);
  expect(one).not.toBe(other);
});

it("finds the operator's values as they are and encoded, and none that is a name, a path or a URL", () => {
  const value = 'sEcret/of+the=0perator';
  const encoded = [value, encodeURIComponent(value), Buffer.from(value).toString('base64')];
  expect(encoded.map((form) => heldSecrets(`x\n${form}`, [value]).length)).toEqual([1, 1, 1]);
  const harmless = ['us-east-1', '/home/flotilla/.cache/v1', 'https://models.example/v1', 'production-environment'];
  expect(heldSecrets(harmless.join('\n'), harmless)).toEqual([]);
});

it('tells the line of each, in the order of the text', () => {
  const places = withLines('a\nb\r\nc', [{ index: 5 }, { index: 0 }, { index: 2 }]);
  expect(places.map(({ line }) => line)).toEqual([1, 2, 3]);
});

it('reads UTF-8, UTF-16 and what is neither', () => {
  expect(searchableText(Buffer.from('\ufeffä'))).toBe('ä');
  expect(searchableText(Buffer.from('token', 'utf16le'))).toBe('token');
  expect(searchableText(Buffer.from('\xfftoken\x80', 'latin1'))).toContain('token');
});

it('reads five hostile megabytes in no time', () => {
  const before = process.cpuUsage();
  for (const part of ['sk-ant-', '-----BEGIN ', '-----BEGIN A ', `AKIA${'ABCD'.repeat(4)}\n`, key('')]) {
    shapedSecrets(part.repeat((5 * 1024 * 1024) / part.length));
  }
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(4_000);
});
