import { existsSync, readdirSync, statSync } from 'node:fs';
import { request as ask } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, test } from 'vitest';
import { createEgress } from '../../../src/platform/egress/open-egress.ts';
import { givenEgress, givenServer, givenTcpServer, KEY, request, say } from './given-egress.ts';

const apiAt = (port: number, header = 'x-api-key') => ({ url: `http://127.0.0.1:${port}/v1`, header, value: KEY });

describe('a request to the model', () => {
  it('goes to the address of the API with the key of the operator and no other', async () => {
    const { port, taken } = await givenServer();
    const { socket } = await givenEgress({ modelApi: apiAt(port) });
    const foreign = ['X-Api-Key: theirs', 'x_api_key: theirs', 'Authorization: Bearer theirs', 'api-key: theirs'];
    const more = ['X-Goog-Api-Key: theirs', 'Cookie: a=theirs', 'Proxy-Authorization: theirs', 'X-Auth-Token: theirs'];
    const other = ['X-Original-URL: /admin', 'X-Forwarded-Host: evil.example', 'X-HTTP-Method-Override: DELETE'];
    const kept = ['Anthropic-Version: 2023-06-01', 'Content-Type: application/json', 'Content-Length: 2'];
    const said = await say(
      socket,
      request('POST /messages?beta=true&key=theirs HTTP/1.1', [...foreign, ...more, ...other, ...kept], '{}'),
    );
    expect(said).toMatch(/^HTTP\/1\.1 200 /);
    expect(taken).toEqual([
      {
        method: 'POST',
        url: '/v1/messages?beta=true',
        headers: {
          'x-api-key': [KEY],
          'anthropic-version': ['2023-06-01'],
          'content-type': ['application/json'],
          'content-length': ['2'],
          host: [`127.0.0.1:${port}`],
          connection: ['close'],
        },
        body: '{}',
      },
    ]);
  });

  it('cannot have its key taken away as a header between neighbours', async () => {
    const { port, taken } = await givenServer();
    const { socket } = await givenEgress({ modelApi: apiAt(port, 'Authorization') });
    await say(socket, request('GET /models HTTP/1.1', ['Connection: authorization, x-mine', 'X-Mine: 1']));
    expect(taken[0]?.headers).toMatchObject({ authorization: [KEY] });
    expect(taken[0]?.headers).not.toHaveProperty('x-mine');
  });

  test.each(['DELETE', 'PUT', 'PATCH', 'TRACE', 'OPTIONS'])('by %s is refused', async (method) => {
    const { port, taken } = await givenServer();
    const { socket } = await givenEgress({ modelApi: apiAt(port) });
    expect(await say(socket, request(`${method} /files/1 HTTP/1.1`))).toMatch(/^HTTP\/1\.1 405 /);
    expect(taken).toEqual([]);
  });

  test.each(['/../admin', '/%2e%2e/admin', '//evil.example/', '/a/..;/admin', '/%252e%252e/a', '/\\..\\admin'])(
    'for %s, which could lead out of the address, is refused',
    async (path) => {
      const { port, taken } = await givenServer();
      const { socket } = await givenEgress({ modelApi: apiAt(port) });
      expect(await say(socket, request(`GET ${path} HTTP/1.1`))).toMatch(/^HTTP\/1\.1 400 /);
      expect(taken).toEqual([]);
    },
  );

  it('by its whole address is one of a forward proxy, without the key', async () => {
    const { port, taken } = await givenServer();
    const { socket } = await givenEgress({ hosts: [`127.0.0.1:${port}`], modelApi: apiAt(port) });
    await say(socket, request(`GET http://127.0.0.1:${port}/v1/models HTTP/1.1`));
    expect(taken[0]?.headers).not.toHaveProperty('x-api-key');
    const other = await givenEgress({ modelApi: apiAt(port) });
    expect(await say(other.socket, request(`GET http://127.0.0.1:${port}/v1/models HTTP/1.1`))).toContain(' 403 ');
    expect(await say(other.socket, request(`CONNECT 127.0.0.1:${port} HTTP/1.1`))).toContain(' 403 ');
  });

  it('is answered as it comes, redirects and errors too, which nobody follows', async () => {
    const { port } = await givenServer((_, response) => {
      response.writeHead(307, 'Odd', {
        location: 'https://evil.example/',
        'x-request-id': '7',
        connection: 'x-request-id',
      });
      response.end('moved');
    });
    const { socket } = await givenEgress({ modelApi: apiAt(port) });
    const said = await say(socket, request('POST /messages HTTP/1.1', ['Content-Length: 0']));
    expect(said).toMatch(/^HTTP\/1\.1 307 Temporary Redirect\r\nlocation: https:\/\/evil\.example\//);
    expect(said).not.toContain('x-request-id');
  });

  it('for another protocol is asked as one for HTTP', async () => {
    const { port, taken } = await givenServer();
    const { socket } = await givenEgress({ modelApi: apiAt(port) });
    const upgrade = 'GET /realtime HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n\r\n';
    expect(await say(socket, upgrade)).toMatch(/^HTTP\/1\.1 200 /);
    expect(taken[0]?.headers).toMatchObject({ connection: ['close'], 'x-api-key': [KEY] });
    expect(taken[0]?.headers).not.toHaveProperty('upgrade');
  });

  it('that nobody answers is told with 502, in the log without the key', async () => {
    const { socket, warnings } = await givenEgress({ modelApi: apiAt(9) });
    expect(await say(socket, request('GET /models HTTP/1.1'))).toMatch(/^HTTP\/1\.1 502 .*ECONNREFUSED/s);
    expect(warnings.join()).toContain('127.0.0.1:9 could not be reached');
    expect(warnings.join()).not.toContain(KEY);
  });
});

describe('two readings of one request', () => {
  test.each([
    ['both lengths', ['Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\nGET /x HTTP/1.1\r\n\r\n'],
    ['two lengths', ['Content-Length: 4', 'Content-Length: 5'], 'abcde'],
    ['a list of lengths', ['Content-Length: 4, 5'], 'abcde'],
    ['a length with a sign', ['Content-Length: +4'], 'abcd'],
    ['chunked that is not last', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
    ['chunked twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
    ['chunked behind a tab', ['Transfer-Encoding:\tx\r\n chunked'], '0\r\n\r\n'],
    ['a space before the colon', ['Transfer-Encoding : chunked'], '0\r\n\r\n'],
    ['a bare line feed', ['X: a\nX-Api-Key: b'], ''],
    ['a bare carriage return', ['X: a\rX-Api-Key: b'], ''],
    ['a zero', ['X: a\0b'], ''],
    ['a broken chunk', ['Transfer-Encoding: chunked'], '0x3\r\nabc\r\n0\r\n\r\n'],
  ])('with %s ends before the model, or as one request with the one key', async (_, headers, body) => {
    const { port, taken } = await givenServer();
    const { socket } = await givenEgress({ modelApi: apiAt(port) });
    const said = await say(socket, request('POST /messages HTTP/1.1', headers, body));
    expect(said).toMatch(/^HTTP\/1\.1 (?:400|502) /);
    expect(taken).toEqual([]);
  });

  it('that follow each other go on each by its own connection', async () => {
    const { port, taken } = await givenServer();
    const { socket } = await givenEgress({ modelApi: apiAt(port) });
    const first = 'POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc';
    const said = await say(socket, `${first}${request('GET /two HTTP/1.1')}`);
    expect(said.match(/answer to \/v1\/(one|two)/g)).toEqual(['answer to /v1/one', 'answer to /v1/two']);
    expect(taken.map(({ headers }) => headers.connection)).toEqual([['close'], ['close']]);
  });
});

describe('bounds', () => {
  it('end what sends its headers slowly, or too many of them', async () => {
    const { port, taken } = await givenServer();
    const { socket } = await givenEgress({ modelApi: apiAt(port) }, { headersMs: 100, headerBytes: 4096 });
    const asked = performance.now();
    expect(await say(socket, 'POST /messages HTTP/1.1\r\nHost: x\r\nX-Slow: ')).toMatch(/^HTTP\/1\.1 408 /);
    expect(performance.now() - asked).toBeLessThan(5000);
    expect(await say(socket, request('GET /m HTTP/1.1', [`X: ${'a'.repeat(5000)}`]))).toMatch(/^HTTP\/1\.1 431 /);
    expect(taken).toEqual([]);
  });

  it('end a body that never ends, and one that is too large', async () => {
    const { port } = await givenServer();
    const { socket } = await givenEgress(
      { modelApi: apiAt(port) },
      { headersMs: 100, requestMs: 200, bodyBytes: 1000 },
    );
    const slow = await say(socket, 'POST /messages HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\na');
    expect(slow).toMatch(/^(?:$|HTTP\/1\.1 408 )/);
    const chunk = `7d0\r\n${'a'.repeat(2000)}\r\n`;
    expect(await say(socket, request('POST /m HTTP/1.1', ['Transfer-Encoding: chunked'], chunk))).toContain(' 413 ');
  });

  it('end what is silent for too long', async () => {
    const port = await givenTcpServer();
    const { socket } = await givenEgress({ hosts: [`127.0.0.1:${port}`], modelApi: apiAt(port) }, { idleMs: 100 });
    const silent = await givenServer(() => undefined);
    const other = await givenEgress({ modelApi: apiAt(silent.port) }, { idleMs: 100 });
    expect(await say(other.socket, request('GET /m HTTP/1.1'))).toMatch(/^HTTP\/1\.1 504 /);
    expect(await say(socket, `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n\r\nhi`)).toMatch(
      /Established\r\n\r\nhi$/,
    );
  });

  it('hold the number of connections', async () => {
    const { port } = await givenServer(() => undefined);
    const { socket } = await givenEgress({ modelApi: apiAt(port) }, { connections: 2 });
    const held = [1, 2].map(() => connect({ path: socket }));
    await Promise.all(held.map((each) => new Promise((resolve) => each.once('connect', resolve))));
    expect(await say(socket, request('GET /m HTTP/1.1'))).toBe('');
    for (const each of held) each.destroy();
  });
});

describe('streams', () => {
  it('come event by event, many at once', async () => {
    const many = 40;
    let go = (): void => undefined;
    const allHaveBegun = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { port } = await givenServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
      void allHaveBegun.then(() => response.end('data: last\n\n'));
    });
    const { socket } = await givenEgress({ modelApi: apiAt(port) });
    let begun = 0;
    const streams = Array.from({ length: many }, async () => {
      let read = '';
      const answer = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
        ask({ socketPath: socket, path: '/stream', agent: false }, resolve).on('error', reject).end();
      });
      for await (const chunk of answer) {
        read += chunk;
        if (read === 'data: first\n\n') begun += 1;
        if (begun === many) go();
      }
      return read;
    });
    expect(new Set(await Promise.all(streams))).toEqual(new Set(['data: first\n\ndata: last\n\n']));
  });

  it('end at the model when the box gives up', async () => {
    let ended = (): void => undefined;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const { port } = await givenServer((_, response) => {
      response.writeHead(200).write('first');
      response.once('close', ended);
    });
    const { socket } = await givenEgress({ modelApi: apiAt(port) });
    const connection = connect({ path: socket });
    connection.write(request('GET /stream HTTP/1.1'));
    connection.once('data', () => connection.destroy());
    await end;
  });

  it('that the model breaks off are broken off, not ended', async () => {
    const { port } = await givenServer((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('first');
      setTimeout(() => response.destroy(), 50);
    });
    const { socket } = await givenEgress({ modelApi: apiAt(port) });
    const broken = new Promise((resolve, reject) => {
      ask({ socketPath: socket, path: '/stream', agent: false }, (answer) => text(answer).then(resolve, reject)).end();
    });
    await expect(broken).rejects.toThrow('aborted');
  });
});

describe('the end of a way out', () => {
  it('leaves nothing that listens, no connection and no folder, and may be asked for again', async () => {
    let atModel = 0;
    const { port } = await givenServer((_, response) => {
      atModel += 1;
      response.once('close', () => {
        atModel -= 1;
      });
      response.writeHead(200).write('x');
    });
    const tcp = await givenTcpServer();
    const { egress, socket } = await givenEgress({ hosts: [`127.0.0.1:${tcp}`], modelApi: apiAt(port) });
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    expect(readdirSync(dirname(socket))).toEqual(['proxy']);
    const told = [
      say(socket, request('GET /stream HTTP/1.1')),
      say(socket, `CONNECT 127.0.0.1:${tcp} HTTP/1.1\r\nHost: x\r\n\r\n`),
      say(socket, 'GET /half'),
    ];
    while (atModel === 0) await wait(5);
    const asked = performance.now();
    await Promise.all([egress.close(), egress.close()]);
    await egress.close();
    await Promise.all(told);
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(existsSync(dirname(socket))).toBe(false);
    expect(await say(socket, 'GET / HTTP/1.1\r\n\r\n')).toBe('');
    while (atModel > 0) await wait(5);
  });
});

describe('a way out that ends', () => {
  it('ends a connection that does not stand yet', async () => {
    let begun = (): void => undefined;
    let ended = (): void => undefined;
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const port = await givenTcpServer(
      createTcpServer((connection) => {
        connection
          .once('data', begun)
          .once('close', ended)
          .on('error', () => undefined);
      }),
    );
    const modelApi = { url: `https://127.0.0.1:${port}`, header: 'x-api-key', value: KEY };
    const { egress, socket } = await givenEgress({ modelApi });
    const said = say(socket, request('GET /m HTTP/1.1'));
    await beginning;
    const asked = performance.now();
    await egress.close();
    await end;
    expect(await said).toBe('');
    expect(performance.now() - asked).toBeLessThan(1000);
  });
});

describe('without a box', () => {
  const silent = () => undefined;
  const open = createEgress({ log: { debug: silent, info: silent, warn: silent, error: silent } });

  it('the model is on the loopback at a path that nobody guesses, and there is no other way', async () => {
    const { port, taken } = await givenServer();
    const egress = await open({ hosts: [`127.0.0.1:${port}`], modelApi: apiAt(port) }, false);
    try {
      expect(egress).toMatchObject({ mounts: [], before: [], env: {} });
      expect(egress.modelUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}$/);
      const url = new URL(egress.modelUrl ?? '');
      expect((await fetch(`${url}/messages`, { method: 'POST', body: '{}' })).status).toBe(200);
      expect(taken).toMatchObject([{ url: '/v1/messages', headers: { 'x-api-key': [KEY] } }]);
      for (const path of ['/messages', `${url.pathname}x/messages`, url.pathname, `${url.pathname}/%2e%2e%2f`]) {
        expect((await fetch(new URL(path, url))).ok, path).toBe(false);
      }
      const proxied = await new Promise((resolve, reject) => {
        ask({ host: url.hostname, port: url.port, path: `http://127.0.0.1:${port}/`, agent: false }, ({ statusCode }) =>
          resolve(statusCode),
        )
          .on('error', reject)
          .end();
      });
      expect(proxied).toBe(403);
      expect(taken).toHaveLength(1);
    } finally {
      await egress.close();
    }
    await expect(fetch(egress.modelUrl ?? '')).rejects.toThrow('fetch failed');
  });

  it('a list of hosts opens nothing', async () => {
    expect(await open({ hosts: ['example.com'], modelApi: null }, false)).toMatchObject({ modelUrl: null, env: {} });
  });
});
