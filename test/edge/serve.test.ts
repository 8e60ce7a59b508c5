import { Agent, request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_BODY_BYTES } from '../../src/edge/read-body.ts';
import { type Bench, comment, deliver, noApi, openDoors, sign } from './fixtures.ts';

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

/** What GitHub's headers would be; a signature of the right form costs nobody anything. */
const HEADERS = {
  'content-type': 'application/json',
  'x-github-event': 'issue_comment',
  'x-github-delivery': 'guid-1',
  'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
};

interface Sending {
  /** 'cut': the connection ended without an answer. */
  answer: Promise<number | 'cut'>;
  sent(bytes: number): Promise<void>;
  abandon(): void;
}

/** Sends headers, and of the body what is asked for. */
function startPost(headers: Record<string, string | number | undefined>): Sending {
  const sent = Object.fromEntries(
    Object.entries({ ...HEADERS, ...headers }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const sending = request(`${bench.served.url}/api/github/webhooks`, { method: 'POST', headers: sent });
  const answer = new Promise<number | 'cut'>((resolve) => {
    sending.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sending.on('error', () => resolve('cut'));
  });
  sending.flushHeaders();
  return {
    answer,
    sent: (bytes) => new Promise((resolve) => sending.write(Buffer.alloc(bytes, 97), () => resolve())),
    abandon: () => sending.destroy(),
  };
}

test.each([
  ['without a signature', { 'x-hub-signature-256': undefined }, 400],
  ['with a signature that is none', { 'x-hub-signature-256': 'sha256=00' }, 401],
  ['without an event', { 'x-github-event': undefined }, 400],
  ['of an event that is not used', { 'x-github-event': 'push' }, 202],
  ['with a body announced as larger than any that is used', { 'content-length': MAX_BODY_BYTES + 1 }, 413],
])('a delivery %s is answered before its body is sent', async (_, headers, status) => {
  const sending = startPost(headers);
  expect(await sending.answer).toBe(status);
  sending.abandon();
});

test('the body of an event that is not used is read past, and its connection stays usable', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const statuses: number[] = [];
  let ports = new Set<number | undefined>();
  for (const event of ['push', 'push', 'issue_comment']) {
    const body = event === 'push' ? 'x'.repeat(5 * MAX_BODY_BYTES) : JSON.stringify(payload);
    const headers = { ...HEADERS, 'x-github-event': event, 'x-hub-signature-256': sign(body) };
    statuses.push(
      await new Promise<number>((resolve, reject) => {
        const sending = request(`${bench.served.url}/api/github/webhooks`, { method: 'POST', agent, headers });
        sending.once('response', (response) => {
          ports = ports.add(sending.socket?.localPort);
          response.resume().once('end', () => resolve(response.statusCode ?? 0));
        });
        sending.once('error', reject);
        sending.end(body);
      }),
    );
  }
  agent.destroy();
  expect(statuses).toEqual([202, 202, 200]);
  expect(ports.size).toBe(1);
  expect(bench.inbox.stored).toHaveLength(1);
});

test('a body without an end is cut, and the server goes on', async () => {
  const sending = startPost({});
  await sending.sent(MAX_BODY_BYTES + 1);
  // While the client still writes, the connection can close before it reads the answer.
  expect([413, 'cut']).toContain(await sending.answer);
  expect((await fetch(`${bench.served.url}/healthz`)).status).toBe(200);
});

test('bodies that wait for their end hold up others only while they fill the room for all', async () => {
  const waiting = Array.from({ length: 20 }, () => startPost({ 'content-length': MAX_BODY_BYTES }));
  for (const sending of waiting) await sending.sent(1);
  expect(await deliver(bench, { event: 'issue_comment', payload, id: 'guid-2' })).toBe(200);

  await Promise.all(waiting.map((sending) => sending.sent(MAX_BODY_BYTES - 2)));
  // Asked with a wrong signature: before the room is full, an answer to a right one would be stored.
  const headers = { 'x-hub-signature-256': sign('{}') };
  await expect.poll(() => deliver(bench, { event: 'issue_comment', payload, headers })).toBe(503);
  for (const sending of waiting) sending.abandon();
  await expect.poll(() => deliver(bench, { event: 'issue_comment', payload, id: 'guid-3' })).toBe(200);
  expect(bench.inbox.stored.map(({ id }) => id)).toEqual(['guid-2', 'guid-3']);
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
    api: noApi,
  });
  await expect(second).rejects.toThrow('EADDRINUSE');
});
