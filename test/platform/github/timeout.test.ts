import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPublicClient } from '../../../src/platform/github/client.ts';
import { issueWrites } from '../../../src/platform/github/writes/issues.ts';
import { collectingLog } from './fixtures.ts';

const server = createServer();
// The files beside this one, in the same process, forbid it.
beforeEach(() => nock.enableNetConnect('127.0.0.1'));
afterEach(() => server.close());

test.each([
  ['an answer', () => {}],
  ['the end of an answer', (response: { write(text: string): void }) => response.write('{"id":')],
] as const)('a creation that never gets %s is cut at the timeout and unknown', async (_, begin) => {
  let hits = 0;
  server.removeAllListeners('request');
  server.on('request', (_request, response) => {
    hits += 1;
    begin(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const octokit = createPublicClient({
    appId: 1,
    privateKey: '',
    apiUrl: `http://127.0.0.1:${port}`,
    log: collectingLog(),
    clock: { now: () => 0 },
    // Long enough that a busy machine has sent the request by then.
    timeoutMs: 2_000,
  });
  const created = issueWrites(octokit).createIssue('acme/x', { title: 't', body: 'b' });
  await expect(created).rejects.toMatchObject({ name: 'GitHubError', kind: 'unknown' });
  expect(hits).toBe(1);
  server.closeAllConnections();
});
