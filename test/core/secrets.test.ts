import { expect, it } from 'vitest';
import { addedSecrets } from '../../src/core/secrets.ts';

// Put together here, so that this file holds nothing that looks like a secret.
const token = `ghp_${'a1'.repeat(18)}`;

it.each([
  ['a GitHub token', token],
  ['a GitHub token', `github_pat_${'a1'.repeat(20)}`],
  ['an AWS access key', `AKIA${'ABCD'.repeat(4)}`],
  ['a private key', `-----BEGIN RSA ${'PRIVATE'} KEY-----`],
  ['an npm token', `npm_${'a1'.repeat(18)}`],
])('finds %s that a change adds, with its line', (kind, value) => {
  expect(addedSecrets('', `one\ntwo ${value}\n`)).toEqual([{ kind, line: 2 }]);
});

it('names the first of each kind alone', () => {
  expect(addedSecrets('', `a\n${token}\n${token}x`)).toEqual([{ kind: 'a GitHub token', line: 2 }]);
});

it('leaves what was there before, and what only resembles a secret', () => {
  expect(addedSecrets(`x ${token}`, `moved\n${token}`)).toEqual([]);
  expect(addedSecrets('', 'ghp_short AKIA123 -----BEGIN PUBLIC KEY----- npm_config_cache')).toEqual([]);
});

it('reads five hostile megabytes in no time', () => {
  const started = performance.now();
  addedSecrets('', 'sk-ant-'.repeat(750_000));
  addedSecrets('', '-----BEGIN '.repeat(450_000));
  addedSecrets('', `AKIA${'ABCD'.repeat(4)}\n`.repeat(240_000));
  expect(performance.now() - started).toBeLessThan(2_000);
});
