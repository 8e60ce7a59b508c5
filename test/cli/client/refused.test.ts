import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openWorld } from '../../story/world.ts';
import { addressOf, client } from './client-command.ts';

const TOKEN = 'ghu_thisIsATokenOfTheTestAndOfNobodyElse';

test.each([
  ['no server', {}, ['list'], 2, 'Give it with --server'],
  ['http to another machine', { FLEET_URL: 'http://flotilla.example.com' }, ['list'], 2, 'cross the network readable'],
  [
    'http to what only begins like this machine',
    {},
    ['list', '--server', 'http://127.0.0.1.example.com'],
    2,
    'readable',
  ],
  ['a token in the address', {}, ['list', '--server', `https://${TOKEN}@flotilla.example.com`], 2, 'more than host'],
  ['another protocol', {}, ['list', '--server', 'file:///etc/passwd'], 2, 'none of https'],
  [
    'nobody who listens',
    { FLEET_URL: 'http://127.0.0.1:2' },
    ['list'],
    1,
    'check the port, and whether the server runs',
  ],
  ['no control repository', { FLEET_URL: 'http://127.0.0.1:9' }, ['submit', '--workflow', 'w'], 2, 'FLEET_CONTROL'],
  ['no workflow', { FLEET_URL: 'http://127.0.0.1:9' }, ['submit'], 2, '--workflow'],
  [
    'a word that is no input',
    { FLEET_URL: 'http://127.0.0.1:9', FLEET_CONTROL: 'acme/platform' },
    ['submit', '--workflow', 'w', 'version'],
    2,
    '`version` is no input.',
  ],
  [
    'an input that is given twice',
    { FLEET_URL: 'http://127.0.0.1:9', FLEET_CONTROL: 'acme/platform' },
    ['submit', '--workflow', 'w', 'a=1', 'a=2'],
    2,
    'is given twice',
  ],
])('%s is told with what to do', async (_, env, args, status, message) => {
  const { exitCode, stderr, stdout } = await client(args, { env: { FLEET_TOKEN: TOKEN, ...env } });
  expect([exitCode, stderr, stdout]).toEqual([status, expect.stringContaining(message), '']);
  expect(stderr).not.toContain(TOKEN);
  expect(stderr).not.toContain('    at ');
});

test('a token that the server does not take is told with the number of the request, and not shown', async () => {
  const world = await openWorld();
  const env = { FLEET_URL: addressOf(world), FLEET_TOKEN: TOKEN };
  const { exitCode, stderr } = await client(['list'], { env });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/`fleet login` [\s\S]*\n\(request [\da-f-]{36}\)$/);
  expect(stderr).not.toContain(TOKEN);
});

test('a server that sends on to another address gets no second look at the token', async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url);
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const env = { FLEET_URL: `http://127.0.0.1:${port}`, FLEET_TOKEN: TOKEN };
  const { exitCode, stderr } = await client(['status', 'f-2345abcd'], { env });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('which gets no token')]);
  expect(seen).toEqual(['/v1/fleets/f-2345abcd']);
});

test('what another server writes reaches the terminal without its commands', async () => {
  const server = createServer((_request, response) => {
    const error = { code: 'x', message: 'red \u001b[31mtext\u001b]0;title\u0007', remedy: 'none', request_id: 'r' };
    response.writeHead(400).end(JSON.stringify({ error }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const env = { FLEET_URL: `http://127.0.0.1:${port}`, FLEET_TOKEN: TOKEN };
  const { stderr } = await client(['list'], { env });
  expect(stderr).toBe('red text\nnone\n(request r)');
});

test('a submission whose answer was lost is sent again with the same key', async () => {
  const keys: unknown[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key']);
    if (keys.length === 1) return void request.socket.destroy();
    const error = { code: 'x', message: 'seen', remedy: '', request_id: 'r' };
    response.writeHead(400).end(JSON.stringify({ error }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const env = { FLEET_URL: `http://127.0.0.1:${port}`, FLEET_TOKEN: TOKEN, FLEET_CONTROL: 'acme/platform' };
  const { stderr } = await client(['submit', '--workflow', 'w', 'a=1'], { env });
  expect(stderr).toBe('seen\n(request r)');
  expect(keys).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), keys[0]]);
});
