import { describe, expect, test } from 'vitest';
import { redact } from '../../../src/core/render/redact.ts';

describe('redact', () => {
  test.each([
    ['a short token', 'use ghs_abc now', 'use *** now'],
    ['a token of the new length', `use ghs_123456_${'eyJhbGciOi.'.repeat(40)}x now`, 'use *** now'],
    ['a personal token', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a', '***'],
    ['a fine-grained token', 'github_pat_11ABC_def', '***'],
    ['a clone URL', 'git clone https://x-access-token:abc123@github.com/a/b', 'git clone https://***@github.com/a/b'],
    ['a user in a URL', 'https://user:pass@host/x', 'https://***@host/x'],
    ['a bare x-access-token', 'x-access-token:secret1', 'x-access-token:***'],
    ['a header', 'Authorization: Basic eGFjY2Vzcw==', 'Authorization: Basic ***'],
    ['a bearer', 'Bearer abc123def456ghi', 'Bearer ***'],
    ['a token of another issuer', `glpat-${'a1'.repeat(10)}, npm_${'a1'.repeat(18)}`, '***, ***'],
    ['a JWT', 'jwt eyJhbGciOiJI.eyJpc3MiOiIx.c2lnbmF0dXJl!', 'jwt ***!'],
  ])('hides %s', (_, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test('hides a key, whole or cut at either end', () => {
    const body = `${'A'.repeat(64)}\n${'b'.repeat(64)}\n`;
    const whole = `before\n-----BEGIN RSA PRIVATE KEY-----\n${body}-----END RSA PRIVATE KEY-----\nafter`;
    expect(redact(whole)).toBe('before\n***\nafter');
    expect(redact(`before\n-----BEGIN PRIVATE KEY-----\n${body}`)).toBe('before\n***');
    expect(redact(`${body}-----END PRIVATE KEY-----\nafter`)).toBe('\n***\nafter');
  });

  test('hides given values, also encoded', () => {
    const secret = 'p@ss w0rd';
    const text = `${secret} ${encodeURIComponent(secret)} ${Buffer.from(secret).toString('base64')}`;
    expect(redact(text, [secret])).toBe('*** *** ***');
  });

  test('leaves what only looks like a secret, and may be the data of the next node', () => {
    const certificate = `-----BEGIN CERTIFICATE-----\n${'A'.repeat(64)}\n-----END CERTIFICATE-----`;
    const data = JSON.stringify({ url: 'git+ssh://git@github.com/acme/one.git', certificate });
    expect(redact(data)).toBe(data);
    expect(redact(certificate)).toBe(certificate);
  });

  test('leaves prose alone', () => {
    const prose = 'The bearer of basic understanding wrote https://github.com/acme/x and ghosts_are_here.';
    expect(redact(prose, ['is'])).toBe(prose);
  });
});
