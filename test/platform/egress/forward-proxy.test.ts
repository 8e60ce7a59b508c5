import { connect, createServer } from 'node:net';
import { describe, expect, it, test } from 'vitest';
import { givenEgress, givenServer, givenTcpServer, request, say } from './given-egress.ts';

describe('a host on the list', () => {
  it('is reached by an absolute address, with the name that was asked for and without what was meant for the proxy', async () => {
    const { port, taken } = await givenServer();
    const { socket } = await givenEgress({ hosts: [`127.0.0.1:${port}`] });
    const headers = ['Proxy-Authorization: Basic eDp5', 'Proxy-Connection: keep-alive', 'X-Mine: 1', 'X-Mine: 2'];
    const said = await say(socket, request(`GET http://127.0.0.1:${port}/a?b=c#d HTTP/1.1`, headers));
    expect(said).toMatch(/^HTTP\/1\.1 200 .*answer to \/a\?b=c\n$/s);
    expect(taken[0]).toMatchObject({ method: 'GET', url: '/a?b=c', body: '' });
    expect(taken[0]?.headers).toEqual({ 'x-mine': ['1', '2'], host: [`127.0.0.1:${port}`], connection: ['close'] });
  });

  it('gets a body of known and of unknown length', async () => {
    const { port, taken } = await givenServer();
    const { socket } = await givenEgress({ hosts: [`127.0.0.1:${port}`] });
    const line = `PUT http://127.0.0.1:${port}/ HTTP/1.1`;
    await say(socket, request(line, ['Content-Length: 5'], 'abcde'));
    await say(socket, request(line, ['Transfer-Encoding: chunked'], '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'));
    expect(taken.map(({ body }) => body)).toEqual(['abcde', 'abcde']);
  });

  it('is reached by CONNECT, bytes of both sides to their ends, the first ones too', async () => {
    const port = await givenTcpServer();
    const { socket } = await givenEgress({ hosts: [`127.0.0.1:${port}`] });
    const connection = connect({ path: socket, allowHalfOpen: true });
    connection.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n\r\nfirst `);
    connection.end('last');
    let said = '';
    for await (const chunk of connection) said += chunk;
    expect(said).toBe('HTTP/1.1 200 Connection Established\r\n\r\nfirst last');
  });

  it('is reached by its name, which is asked for once', async () => {
    const { port, taken } = await givenServer();
    const { socket, asked } = await givenEgress({ hosts: [`localhost:${port}`] });
    const said = await say(socket, request(`GET http://LOCALHOST.:${port}/ HTTP/1.1`));
    expect(said).toContain('200 OK');
    expect(asked).toEqual(['localhost']);
    expect(taken[0]?.headers.host).toEqual([`localhost:${port}`]);
  });

  it('that does not answer is told with 502', async () => {
    const port = await givenTcpServer(createServer((socket) => socket.destroy()));
    const { socket } = await givenEgress({ hosts: [`127.0.0.1:${port}`, '127.0.0.1:9'] });
    expect(await say(socket, request(`GET http://127.0.0.1:${port}/ HTTP/1.1`))).toContain('broke the connection off');
    const refused = await say(socket, request('CONNECT 127.0.0.1:9 HTTP/1.1'));
    expect(refused).toMatch(/^HTTP\/1\.1 502 .*127\.0\.0\.1:9 could not be reached: ECONNREFUSED/s);
    const nobody = await givenEgress({ hosts: ['nobody.test'] });
    expect(await say(nobody.socket, request('CONNECT nobody.test:443 HTTP/1.1'))).toContain('No address was found');
  });
});

describe('a hostile answer', () => {
  test.each([
    ['a status that does not exist', 'HTTP/1.1 099 X\r\n\r\n', 502],
    ['another such', 'HTTP/1.1 999 X\r\n\r\n', 502],
    ['another protocol', 'HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nx', 502],
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n', 502],
    ['nothing', '', 502],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 502],
    ['headers without end', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(100_000)}`, 502],
    ['a phrase with odd bytes', 'HTTP/1.1 200 \x80\xff\r\nContent-Length: 0\r\n\r\n', 200],
  ])('with %s harms nobody', async (_, bytes, status) => {
    const port = await givenTcpServer(
      createServer((socket) => socket.on('error', () => undefined).end(bytes, 'latin1')),
    );
    const { socket } = await givenEgress({ hosts: [`127.0.0.1:${port}`] });
    const line = `GET http://127.0.0.1:${port}/ HTTP/1.1`;
    expect(await say(socket, request(line))).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(await say(socket, request(`GET http://127.0.0.1:${port}/\xff HTTP/1.1`))).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('a refusal', () => {
  it.each(['GET http://evil.example/ HTTP/1.1', 'CONNECT evil.example:80 HTTP/1.1'])(
    'of %s says which host, and where it is allowed; the log has it once',
    async (line) => {
      const { socket, warnings, asked } = await givenEgress({ hosts: ['good.example'] });
      const said = await say(socket, request(line));
      await say(socket, request(line));
      expect(said).toMatch(/^HTTP\/1\.1 403 /);
      expect(said).toContain('may not reach evil.example:80.');
      expect(said).toContain('`box.network`');
      expect(said).toContain('`network` of an agent');
      expect(warnings).toEqual([expect.stringContaining('evil.example:80')]);
      expect(asked, 'a name could carry something out').toEqual([]);
    },
  );

  test('of many hosts fills no log', async () => {
    const { socket, warnings } = await givenEgress({ hosts: ['good.example'] });
    for (let n = 0; n < 40; n += 1) await say(socket, request(`CONNECT n${n}.evil.example:443 HTTP/1.1`));
    expect(warnings).toHaveLength(20);
  });

  test.each([
    ['here.test', 'here.test:443', 'the machine that runs Flotilla'],
    ['here.test:8443', 'here.test:8443', 'the machine that runs Flotilla'],
    ['mapped.test', 'mapped.test:443', 'the machine that runs Flotilla'],
    ['localhost', 'localhost:443', 'the machine that runs Flotilla'],
    ['metadata.test:80', 'metadata.test:80', 'a link-local or reserved address'],
    ['internal.test', 'internal.test:443', 'with its port: `internal.test:443`'],
    ['*.test:443', 'internal.test:443', 'an address of a private network'],
    ['0.0.0.0:80', '0.0.0.0:80', 'no address of a host'],
  ])('of a listed name that leads to where %s does not mean', async (entry, asked, why) => {
    const { socket } = await givenEgress({ hosts: [entry] });
    for (const line of [`CONNECT ${asked} HTTP/1.1`, `GET http://${asked}/ HTTP/1.1`]) {
      const said = await say(socket, request(line));
      expect(said).toMatch(/^HTTP\/1\.1 403 /);
      expect(said).toContain(why);
    }
  });

  test.each([
    'CONNECT 0x7f.1:80 HTTP/1.1',
    'CONNECT [::ffff:127.0.0.1]:80 HTTP/1.1',
    'CONNECT 2130706433:80 HTTP/1.1',
    'CONNECT good.example:22 HTTP/1.1',
    'CONNECT good.example.evil.example:443 HTTP/1.1',
    'CONNECT 169.254.169.254:80 HTTP/1.1',
    'GET http://localhost:8118/ HTTP/1.1',
  ])('of %s', async (line) => {
    const { socket } = await givenEgress({ hosts: ['good.example'] });
    expect(await say(socket, request(line))).toMatch(/^HTTP\/1\.1 403 /);
  });

  test.each([
    'CONNECT good.example@evil.example:443 HTTP/1.1',
    'CONNECT good.example HTTP/1.1',
    'GET http://good.example@evil.example/ HTTP/1.1',
    'GET http://good.example\\@evil.example/ HTTP/1.1',
    'GET http:///good.example/ HTTP/1.1',
    'GET https://good.example/ HTTP/1.1',
    'GET ftp://good.example/ HTTP/1.1',
    'OPTIONS * HTTP/1.1',
  ])('of %s, which names no host plainly', async (line) => {
    const { socket } = await givenEgress({ hosts: ['good.example'] });
    expect(await say(socket, request(line))).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('of TRACE, and of a model that the box does not have', async () => {
    const { socket, egress } = await givenEgress({ hosts: ['good.example'] });
    expect(await say(socket, request('TRACE http://good.example/ HTTP/1.1'))).toMatch(/^HTTP\/1\.1 405 /);
    expect(await say(socket, request('GET /v1/models HTTP/1.1'))).toMatch(/^HTTP\/1\.1 404 .*no `model_api`/s);
    expect(egress.modelUrl).toBeNull();
  });
});

describe('variables', () => {
  it('point to the proxy where there are hosts, and only there', async () => {
    const { egress } = await givenEgress({ hosts: ['good.example'] });
    const url = 'http://127.0.0.1:8118';
    expect(egress.env).toMatchObject({ HTTP_PROXY: url, HTTPS_PROXY: url, http_proxy: url, https_proxy: url });
    expect(egress.env).toMatchObject({ NO_PROXY: '127.0.0.1,localhost,::1', NODE_USE_ENV_PROXY: '1' });
    const model = await givenEgress({ modelApi: { url: 'http://127.0.0.1:9', header: 'x', value: 'y' } });
    expect([model.egress.env, model.egress.modelUrl]).toEqual([{}, url]);
  });
});
