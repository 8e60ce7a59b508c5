import { describe, expect, it } from 'vitest';
import { GitError } from '../../../src/platform/git/git-error.ts';
import { categoryOf, isUnauthorized, limitMetBy } from '../../../src/platform/git/git-failure.ts';

const failed = (verb: string, stderr: string) =>
  new GitError(verb, { code: 128, stdout: '', stderr, timedOut: false, aborted: false });
const category = (verb: string, ...lines: string[]) => categoryOf(failed(verb, lines.join('\n')), 'clone');

describe('the category of a failed git', () => {
  it('of a local verb is not taken from its words, which quote files of the repository', () => {
    const name = `rate limit ${'a'.repeat(250)}`;
    expect(category('checkout-index', `error: unable to create file ${name}: File name too long`)).toBe('clone');
    expect(isUnauthorized(failed('read-tree', 'fatal: returned error: 401'))).toBe(false);
  });

  it('of a request is not taken from what hooks print, nor from names of refs and of the repository', () => {
    const end = "error: failed to push some refs to 'https://github.com/acme/tls-proxy.git'";
    expect(category('push', 'remote: you hit our rate limit, returned error: 429', end)).toBe('clone');
    expect(category('push', ' ! [rejected] rate limit -> ssl (fetch first)', end)).toBe('clone');
    expect(category('fetch', "fatal: couldn't find remote ref refs/heads/tls-certificate")).toBe('clone');
  });

  it('of a request is what git says of it, and what the server says where it answered with no', () => {
    const refused = (status: number) =>
      `fatal: unable to access 'https://github.com/acme/api.git/': The requested URL returned error: ${status}`;
    expect(category('fetch', refused(429))).toBe('rate_limited');
    expect(category('push', 'remote: You have exceeded a secondary rate limit.', refused(403))).toBe('rate_limited');
    expect(category('push', 'remote: Permission to acme/api.git denied to x.', refused(403))).toBe('permission');
    expect(category('fetch', "fatal: Authentication failed for 'https://github.com/acme/api.git/'")).toBe('permission');
    expect(category('fetch', "fatal: repository 'https://github.com/acme/api.git/' not found")).toBe('not_found');
    expect(category('fetch', "fatal: unable to access 'https://x/': Couldn't connect to server")).toBe('network');
    expect(category('fetch', 'error: RPC failed; curl 18 transfer closed', 'fatal: early EOF')).toBe('network');
    // As libcurl says it of an answer that breaks off, by HTTP/1.1 and by HTTP/2.
    for (const said of [
      'transfer closed with outstanding read data remaining',
      'HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)',
      'Error in the HTTP2 framing layer',
    ])
      expect(category('ls-remote', `fatal: unable to access 'https://github.com/acme/api.git/': ${said}`)).toBe(
        'network',
      );
  });
});

describe('the limit that ended a git', () => {
  const end = { code: 128, stdout: '', timedOut: false, aborted: false };
  const answered = (status: number, stderr: string, more: object = {}) =>
    limitMetBy(new GitError('push', { ...end, stderr, answer: { status, headers: {} }, ...more }), 'acme/api', 0);
  const hook = 'remote: You have exceeded a secondary rate limit.';

  it('is by the answer, whatever a hook prints', () => {
    expect(answered(200, `${hook}\nerror: failed to push some refs`)).toBeNull();
    expect(answered(429, 'error: RPC failed; HTTP 429')).toMatchObject({ kind: 'limited', status: 429 });
  });

  it('is none where git was stopped, or had no answer', () => {
    expect(answered(429, 'HTTP 429', { aborted: true })).toBeNull();
    expect(answered(429, 'HTTP 429', { timedOut: true })).toBeNull();
    expect(answered(429, 'HTTP 429', { answer: null })).toBeNull();
    expect(limitMetBy(new Error('HTTP 429'), 'acme/api', 0)).toBeNull();
  });
});
