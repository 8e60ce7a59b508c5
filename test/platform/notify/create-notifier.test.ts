import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createNotifier } from '../../../src/platform/notify/create-notifier.ts';
import { answerOf } from '../../../src/platform/notify/read-answer.ts';

const notification = { id: 'n-1', event: 'fleet.ended', body: '{}' };
const url = (address: string) => ({ kind: 'url', url: address }) as const;
const still = () => new AbortController().signal;

/** A notifier for these hosts, whose names lead to this address. */
function notifierFor(hosts: readonly string[], address = '127.0.0.1', timeoutMs = 5_000) {
  const asked: string[] = [];
  const notifier = createNotifier({
    hosts,
    secret: null,
    webhook: null,
    userAgent: 'flotilla/test',
    timeoutMs,
    lookup: (host) => {
      asked.push(host);
      return Promise.resolve([{ address, family: address.includes(':') ? 6 : 4 }]);
    },
  });
  return { asked, send: (to: string, signal = still()) => notifier.send(url(to), notification, signal) };
}

/** A server that does this with each connection. */
async function serverThat(does: (socket: Socket) => void): Promise<{ port: number; connections: () => number }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    does(socket);
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    connections: () => sockets.length,
  };
}

describe('a webhook', () => {
  it.each(['10.0.0.7', '127.0.0.1', '169.254.169.254', '::1', 'fd00::1', '::ffff:10.0.0.1', '100.64.0.1'])(
    'whose listed name leads to %s is refused, and nothing connects',
    async (address) => {
      const { send, asked } = notifierFor(['hooks.example.com', '*.example.org'], address);
      for (const host of ['hooks.example.com', 'inner.example.org']) {
        expect(await send(`https://${host}/services/secret`)).toEqual({
          result: 'refused',
          why: `${host} leads to an address that is not public; list it with its port to allow that`,
        });
      }
      expect(asked).toEqual(['hooks.example.com', 'inner.example.org']);
    },
  );

  it.each([
    'https://other.example.com/x',
    'https://hooks.example.com:8443/x',
    'https://hooks.example.com:80/x',
    'https://127.0.0.1/x',
    'http://2130706433/x',
    'https://hooks.example.com.evil.example/x',
  ])('%s is not listed: its name is not even looked up', async (address) => {
    const { send, asked } = notifierFor(['hooks.example.com']);
    expect(await send(address)).toMatchObject({ result: 'refused', why: expect.stringContaining('does not list') });
    expect(asked).toEqual([]);
  });

  it('is connected to at the address that was checked, whatever its name leads to later', async () => {
    const server = await serverThat((socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
    const { send, asked } = notifierFor([`localhost:${server.port}`]);
    expect(await send(`http://localhost:${server.port}/hook`)).toEqual({ result: 'delivered', status: 204 });
    expect(asked).toEqual(['localhost']);
  });

  it('that never answers, or speaks no HTTP, or closes, is unreached in bounded time', async () => {
    for (const does of [
      () => undefined,
      (socket: Socket) => socket.end('SSH-2.0-nothing\r\n'),
      (socket: Socket) => socket.destroy(),
      (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`),
    ]) {
      const { port } = await serverThat(does);
      const { send } = notifierFor([`127.0.0.1:${port}`], '127.0.0.1', 200);
      expect(await send(`http://127.0.0.1:${port}/secret-path`)).toMatchObject({
        result: 'unreached',
        why: expect.not.stringContaining('secret-path'),
      });
    }
  });

  it('whose answer never ends is delivered with its status', async () => {
    const { port } = await serverThat((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\nmore'),
    );
    const { send } = notifierFor([`127.0.0.1:${port}`]);
    expect(await send(`http://127.0.0.1:${port}/`)).toEqual({ result: 'delivered', status: 200 });
  });

  it('is unreached where nobody listens, where no address is found, and when it is stopped', async () => {
    const { port } = await serverThat(() => undefined);
    const { send } = notifierFor(['127.0.0.1:1', `127.0.0.1:${port}`]);
    expect(await send('http://127.0.0.1:1/')).toMatchObject({ result: 'unreached' });
    expect(await send(`http://127.0.0.1:${port}/`, AbortSignal.abort())).toMatchObject({ result: 'unreached' });
    const nameless = createNotifier({
      hosts: ['hooks.example.com'],
      secret: null,
      webhook: null,
      userAgent: 'flotilla/test',
      lookup: () => Promise.reject(new Error('ENOTFOUND')),
    });
    expect(await nameless.send(url('https://hooks.example.com/x'), notification, still())).toMatchObject({
      result: 'unreached',
      why: 'No address was found for hooks.example.com.',
    });
  });
});

describe('an answer', () => {
  it.each([
    [200, null, { result: 'delivered', status: 200 }],
    [301, null, { result: 'refused', why: 'the receiver answered 301, and redirects are not followed' }],
    [403, null, { result: 'refused', why: 'the receiver answered 403' }],
    [408, null, { result: 'unreached', why: 'the receiver answered 408', retryAfterMs: null }],
    [429, '30', { result: 'unreached', why: 'the receiver answered 429', retryAfterMs: 30_000 }],
    [
      503,
      'Fri, 31 Dec 2099 23:59:59 GMT',
      { result: 'unreached', why: 'the receiver answered 503', retryAfterMs: null },
    ],
  ])('%i means %j', (status, retryAfter, meaning) => {
    expect(answerOf(status, retryAfter)).toEqual(meaning);
  });
});
