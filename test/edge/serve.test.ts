import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_BODY_BYTES } from '../../src/edge/read-body.ts';
import { type Bench, comment, deliver, openDoors, sign } from './fixtures.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openDoors();
});
afterEach(() => bench.served.close());

const payload = comment('/fleet bump');

test.each([
  ['no signature', { 'x-hub-signature-256': undefined }, 400],
  ['a signature with another secret', { 'x-hub-signature-256': sign(JSON.stringify(payload), 'other') }, 401],
  [
    "a signature with Probot's default secret",
    { 'x-hub-signature-256': sign(JSON.stringify(payload), 'development') },
    401,
  ],
  ['the signature of another body', { 'x-hub-signature-256': sign('{}') }, 401],
  ['an old SHA-1 signature alone', { 'x-hub-signature-256': undefined, 'x-hub-signature': 'sha1=00' }, 400],
  ['a signature that is none', { 'x-hub-signature-256': 'sha256=' }, 401],
  ['no delivery id', { 'x-github-delivery': undefined }, 400],
  ['no event name', { 'x-github-event': undefined }, 400],
  ['another content type', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
])('a delivery with %s is refused and stores nothing', async (_, headers, status) => {
  expect(await deliver(bench, { event: 'issue_comment', payload, headers })).toBe(status);
  expect(bench.inbox.stored).toEqual([]);
});

test('a signed body that is no JSON is refused', async () => {
  expect(await deliver(bench, { event: 'issue_comment', payload: '{"action":' })).toBe(400);
});

test('the body of a refused delivery is not logged', async () => {
  const headers = { 'x-hub-signature-256': sign('{}') };
  await deliver(bench, { event: 'issue_comment', payload: comment('/fleet confidential'), headers });
  expect(bench.logged()).toContain('wrong signature');
  expect(bench.logged()).not.toContain('confidential');
});

/** Posts until the server answers or cuts the connection, with or without saying how much comes. */
function post(contentLength: number | null): Promise<number | 'cut'> {
  return new Promise((resolve) => {
    const length = contentLength === null ? {} : { 'content-length': contentLength };
    const sending = request(`${bench.served.url}/api/github/webhooks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...length },
    });
    let answered = false;
    const chunk = Buffer.alloc(1024 * 1024, 97);
    const more = () => {
      if (answered) return;
      if (sending.write(chunk)) setImmediate(more);
      else sending.once('drain', more);
    };
    sending.on('response', (response) => {
      answered = true;
      response.resume();
      resolve(response.statusCode ?? 0);
      sending.destroy();
    });
    sending.on('error', () => {
      answered = true;
      resolve('cut');
    });
    if (contentLength === null) more();
    else sending.flushHeaders();
  });
}

test('a body announced with more than 25 MB is refused without reading it', async () => {
  expect(await post(MAX_BODY_BYTES + 1)).toBe(413);
});

test('a body without an end is cut at 25 MB, and the server goes on', async () => {
  // While the client still writes, the connection can close before it reads the answer.
  expect([413, 'cut']).toContain(await post(null));
  expect((await fetch(`${bench.served.url}/healthz`)).status).toBe(200);
});

test('the health page answers, and nothing else does', async () => {
  const health = await fetch(`${bench.served.url}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
  for (const path of ['/', '/probot', '/ping', '/api/github', '/healthz/x']) {
    expect((await fetch(`${bench.served.url}${path}`)).status).toBe(404);
  }
  expect((await fetch(`${bench.served.url}/api/github/webhooks`)).status).toBe(404);
});

test('closing waits for the delivery that is being stored', async () => {
  const stored = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const write = bench.inbox.write.bind(bench.inbox);
  bench.inbox.write = async (work) => {
    begun.resolve();
    await stored.promise;
    return write(work);
  };
  const delivering = deliver(bench, { event: 'issue_comment', payload });
  await begun.promise;
  let closed = false;
  const closing = bench.served.close().then(() => {
    closed = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(closed).toBe(false);
  stored.resolve();
  expect(await delivering).toBe(200);
  await closing;
  expect(bench.inbox.stored).toHaveLength(1);
  bench = await openDoors();
});

test('a port that is taken is an error', async () => {
  const { serve } = await import('../../src/edge/serve.ts');
  const taken = Number(new URL(bench.served.url).port);
  const { pino } = await import('pino');
  const second = serve({
    host: '127.0.0.1',
    port: taken,
    appId: 1,
    privateKey: 'unused',
    webhookSecret: 'x',
    apiUrl: 'https://github.example.test/api/v3',
    log: pino({ level: 'silent' }),
    app: () => {},
  });
  await expect(second).rejects.toThrow('EADDRINUSE');
});
