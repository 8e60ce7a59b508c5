import { expect, test } from 'vitest';
import { askGitHub } from '../../../src/cli/doctor/check-github.ts';
import type { GitHubApp } from '../../../src/ports/github-app.ts';
import { GitHubError } from '../../../src/ports/github-reads.ts';

const refusal = (status: number, message: string) => Promise.reject(new GitHubError('refused', status, message));

function anApp(change: Partial<GitHubApp> = {}): GitHubApp {
  return {
    registration: async () => ({ slug: 'flotilla', permissions: {}, events: [] }),
    installations: async () => [],
    hook: async () => ({ url: '', contentType: '', verifiesCertificate: true, hasSecret: false }),
    newestDeliveries: async () => [],
    aheadMs: () => 0,
    ...change,
  };
}

const told = async (change: Partial<GitHubApp>, check: string) =>
  (await askGitHub(anApp(change), 'https://github.example')).filter((finding) => finding.check === check);

test.each([
  [30_000, 'ok', /agrees/],
  [-30_000, 'ok', /agrees/],
  [31_000, 'fault', /31 s ahead of/],
  [-3_600_000, 'fault', /3600 s behind/],
])('a clock that is %i ms ahead is %s', async (ms, state, what) => {
  expect(await told({ aheadMs: () => ms }, 'clock')).toMatchObject([{ state, what: expect.stringMatching(what) }]);
});

test('a refusal tells the clock first, which may be its cause, and asks nothing more', async () => {
  const never = () => Promise.reject(new Error('asked'));
  const refused = anApp({
    registration: () => refusal(401, 'GitHub answered 401 to GET /app: no'),
    installations: never,
    aheadMs: () => 120_000,
  });
  const findings = await askGitHub(refused, 'https://github.example');
  expect(findings.map(({ check, state }) => [check, state])).toEqual([
    ['clock', 'fault'],
    ['github', 'fault'],
  ]);
});

test('one question that GitHub does not answer leaves the others answered', async () => {
  const change = { hook: () => refusal(404, 'GitHub answered 404 to GET /app/hook/config: Not Found') };
  expect(await told(change, 'webhook')).toMatchObject([{ state: 'fault', what: expect.stringContaining('404') }]);
  expect(await told(change, 'deliveries')).toHaveLength(1);
  expect(await told(change, 'installations')).toHaveLength(1);
});
