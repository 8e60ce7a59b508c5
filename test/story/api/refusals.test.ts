import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { APP } from '../start-app.ts';
import { bump, services, workflowFiles } from '../workflows.ts';
import { openWorld, type World } from '../world.ts';
import { expectEnvelope, tracesOf } from './nothing-happened.ts';
import { sendRaw } from './raw-request.ts';

const BODY = { control_repository: 'acme/platform', workflow: 'bump', inputs: { version: '2.0' } };

interface Case {
  method?: string;
  path?: string;
  /** The whole header; default: mona's token. */
  authorization?: string | null;
  headers?: Record<string, string>;
  /** Not an object: sent as it is. */
  body?: object | string | null;
  status: number;
  code: string;
}

const bad = { status: 400, code: 'invalid_request' } as const;
const unreadable = { status: 400, code: 'invalid_command' } as const;
const nobody = { status: 401, code: 'unauthenticated' } as const;
/** The same as for a repository that is not there, which nobody must be able to tell from one that they may not see. */
const forbidden = { status: 403, code: 'control_repository_refused' } as const;
const elsewhere = { status: 403, code: 'control_repository_refused' } as const;
const notThere = { status: 404, code: 'not_found' } as const;
const noFleet = { status: 404, code: 'unknown_fleet' } as const;
const media = { status: 415, code: 'unsupported_media_type' } as const;
const large = { status: 413, code: 'body_too_large' } as const;

const with_ = (more: object): object => ({ ...BODY, ...more });

const casesOf = (world: World): Record<string, Case> => ({
  'no token': { ...nobody, authorization: null },
  'an empty header': { ...nobody, authorization: '' },
  'a scheme without a token': { ...nobody, authorization: 'Bearer' },
  'Basic in place of Bearer': { ...nobody, authorization: `Basic ${Buffer.from('mona:x').toString('base64')}` },
  'two tokens in one header': { ...nobody, authorization: `Bearer ${world.appTokens.mona} ${world.appTokens.mona}` },
  'a token that GitHub does not know': { ...nobody, authorization: `Bearer ghu_${'0'.repeat(36)}` },
  'a token with a letter changed': { ...nobody, authorization: `Bearer ${world.appTokens.mona?.slice(0, -1)}y` },
  'a personal access token': { ...nobody, authorization: `Bearer ${world.tokens.mona}` },
  'a token in the address': { ...nobody, authorization: null, path: `/v1/fleets?access_token=${world.appTokens.mona}` },
  'a token in a cookie': { ...nobody, authorization: null, headers: { cookie: `token=${world.appTokens.mona}` } },
  'the token of somebody who can only read': { ...forbidden, authorization: `Bearer ${world.appTokens.lisa}` },
  'the token of somebody who is nobody there': { ...forbidden, authorization: `Bearer ${world.appTokens.eve}` },
  'a repository that is not there': { ...elsewhere, body: with_({ control_repository: 'acme/nowhere' }) },
  "another owner's repository": { ...elsewhere, body: with_({ control_repository: 'evil/platform' }) },
  'a path in place of a repository': { ...bad, body: with_({ control_repository: '../../app' }) },
  'a repository with an encoded slash': { ...bad, body: with_({ control_repository: 'acme%2fplatform' }) },
  'a repository with a query': { ...bad, body: with_({ control_repository: 'acme/platform?x=1' }) },
  'dots in place of a name': { ...bad, body: with_({ control_repository: 'acme/..' }) },
  'no body': { ...bad, body: null },
  'half a body': { ...bad, body: JSON.stringify(BODY).slice(0, -2) },
  'two bodies': { ...bad, body: `${JSON.stringify(BODY)}${JSON.stringify(BODY)}` },
  'a list': { ...bad, body: [BODY] },
  'a text': { ...bad, body: '"bump"' },
  null: { ...bad, body: 'null' },
  'JSON with a comment': { ...bad, body: `/* */ ${JSON.stringify(BODY)}` },
  'bytes that are no text': { ...bad, body: '\u0000\u0001' },
  'very deep JSON': { ...bad, body: `${'['.repeat(50_000)}${']'.repeat(50_000)}` },
  'an unknown field': { ...bad, body: with_({ dry_run: true }) },
  'a misspelt field': { ...bad, body: with_({ input: { version: '2.0' } }) },
  'an unknown field within services': { ...bad, body: with_({ services: { tags: ['app'] } }) },
  __proto__as_field: { ...bad, body: `{"__proto__":{"plan_only":true},${JSON.stringify(BODY).slice(1)}` },
  __proto__as_input: {
    ...bad,
    body: JSON.stringify(BODY).replace('"version"', '"__proto__":{"version":"1"},"version"'),
  },
  'an escaped __proto__': {
    ...bad,
    body: JSON.stringify(BODY).replace('"version"', '"\\u005f_proto__":"1","version"'),
  },
  'constructor as a field': { ...bad, body: with_({ constructor: { prototype: {} } }) },
  'no workflow': { ...bad, body: with_({ workflow: undefined }) },
  'a number for a name': { ...bad, body: with_({ workflow: 7 }) },
  'a workflow that is a path': { ...unreadable, body: with_({ workflow: '../../secrets' }) },
  'a workflow with a new line': { ...unreadable, body: with_({ workflow: 'bump\n/fleet cancel' }) },
  'a workflow that is a verb': { status: 404, code: 'unknown_workflow', body: with_({ workflow: 'approve' }) },
  'dots in place of an owner': { ...bad, body: with_({ control_repository: '../platform' }) },
  'an input that is an object': { ...bad, body: with_({ inputs: { version: {} } }) },
  'an input with a control character': { ...unreadable, body: with_({ inputs: { version: '2\u0000' } }) },
  'an input that begins with a dash': {
    status: 422,
    code: 'invalid_inputs',
    body: with_({ inputs: { version: '-f' } }),
  },
  'an input of 9 KiB': { ...unreadable, body: with_({ inputs: { version: 'x'.repeat(9000) } }) },
  'an input that the workflow has not': {
    status: 422,
    code: 'invalid_inputs',
    body: with_({ inputs: { versoin: '2' } }),
  },
  'a workflow that is not there': { status: 404, code: 'unknown_workflow', body: with_({ workflow: 'bmp' }) },
  'parallel tasks below one': { ...bad, body: with_({ concurrency: 0 }) },
  'parallel tasks beyond numbers': { ...bad, body: JSON.stringify(with_({ concurrency: 9 })).replace('9', '1e999') },
  'a yes that is a text': { ...bad, body: with_({ plan_only: 'false' }) },
  'too many repositories': { ...bad, body: with_({ repositories: Array(10_001).fill('one') }) },
  'a repository outside': { status: 422, code: 'nothing_selected', body: with_({ repositories: ['other/one'] }) },
  'a body of more than 1 MiB': { ...large, body: with_({ workflow: 'x'.repeat(1_100_000) }) },
  'a form': { ...media, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'workflow=bump' },
  'plain text, as a page of another site can send': { ...media, headers: { 'content-type': 'text/plain' } },
  'a content type that only begins like JSON': { ...media, headers: { 'content-type': 'application/jsonp' } },
  'a packed body': { ...bad, headers: { 'content-encoding': 'gzip' }, body: '\u001f\u008b' },
  'an idempotency key of 201 characters': { ...bad, headers: { 'idempotency-key': 'k'.repeat(201) } },
  'an idempotency key with a space': { ...bad, headers: { 'idempotency-key': 'a b' } },
  'an empty idempotency key': { ...bad, headers: { 'idempotency-key': '' } },
  'a made-up cursor': { ...bad, method: 'GET', path: '/v1/fleets?cursor=1%20or%201%3D1' },
  'a cursor of another list': { ...bad, method: 'GET', path: `/v1/fleets?cursor=${btoa('tasks 1')}` },
  'a page of too many': { ...bad, method: 'GET', path: '/v1/fleets?limit=100000' },
  'an unknown word in the query': { ...bad, method: 'GET', path: '/v1/fleets?sort=asc' },
  'a word of the query given twice': { ...bad, method: 'GET', path: '/v1/fleets?limit=1&limit=2' },
  'a fleet that is not there': { ...noFleet, method: 'GET', path: '/v1/fleets/f-22222222' },
  'an id that is none': { ...noFleet, method: 'GET', path: '/v1/fleets/%27%20or%201%3D1' },
  'an id that is a path': { ...noFleet, method: 'GET', path: '/v1/fleets/..%2f..%2fetc%2fpasswd' },
  'a path that cannot be decoded': { ...bad, method: 'GET', path: '/v1/fleets/%zz' },
  'an id longer than paths are': { ...notThere, method: 'GET', path: `/v1/fleets/${'f'.repeat(300)}` },
  'a path with an empty part': { ...notThere, method: 'GET', path: '/v1//fleets' },
  'a path in capital letters': { ...notThere, path: '/V1/FLEETS', status: 404 },
  'an unknown path': { ...notThere, method: 'GET', path: '/v1/admin' },
  'an unknown method': { ...notThere, method: 'DELETE', path: '/v1/fleets/f-22222222' },
  'a method in a header': {
    ...noFleet,
    method: 'GET',
    path: '/v1/fleets/f-22222222',
    headers: { 'x-http-method-override': 'POST', 'x-method-override': 'POST', 'x-http-method': 'DELETE' },
  },
});

test('whatever is wrong with a request is told in one envelope, and nothing is made of it', async () => {
  const world = await openRefusing();
  const before = await tracesOf(world);
  const cases = Object.entries(casesOf(world));
  expect(cases.length).toBeGreaterThanOrEqual(40);
  for (const [
    name,
    { method = 'POST', path = '/v1/fleets', authorization, headers, body = BODY, status, code },
  ] of cases) {
    const token = authorization === undefined ? `Bearer ${world.appTokens.mona}` : authorization;
    const response = await fetch(new URL(path, world.webhookUrl), {
      method,
      headers: {
        ...(token === null ? {} : { authorization: token }),
        ...(method === 'POST' && body !== null ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(method !== 'POST' || body === null ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (path.startsWith('/V1')) {
      expect.soft(response.status, name).toBe(404);
      continue;
    }
    const answer = { status: response.status, headers: response.headers, body: JSON.parse(text) };
    expectEnvelope(answer, { status, code }, name);
    expect.soft(response.headers.get('access-control-allow-origin'), name).toBeNull();
    world.clock.move(10_000);
  }
  expect(await tracesOf(world)).toEqual(before);
});

async function openRefusing(): Promise<World> {
  return openWorld({
    users: ['lisa', 'eve'],
    platform: {
      visibility: 'private',
      files: workflowFiles({ bump: bump('[{ tag: app }]') }),
      collaborators: { lisa: 'read' },
    },
    repositories: services('one'),
  });
}

const head = (world: World, line: string, fields: readonly string[] = []): string =>
  [
    line,
    'host: 127.0.0.1',
    'connection: close',
    `authorization: Bearer ${world.appTokens.mona}`,
    ...fields,
    '',
    '',
  ].join('\r\n');
const json = JSON.stringify(BODY);
const post = (world: World, fields: readonly string[], body: string): string =>
  head(world, 'POST /v1/fleets HTTP/1.1', ['content-type: application/json', ...fields]) + body;

test('bytes that no client should send start nothing, and leave the server as it was', async () => {
  const world = await openRefusing();
  const before = await tracesOf(world);
  const length = `content-length: ${json.length}`;
  const oversized = Buffer.alloc(1_200_000, 97).toString();
  const cases: Record<string, [text: string, statuses: number[]]> = {
    'a header of 64 KiB': [post(world, [length, `x-more: ${'x'.repeat(65_536)}`], json), [431]],
    'a thousand headers': [post(world, [length, ...Array(3000).fill('x: y')], json), [431]],
    'a chunked body over the limit': [
      post(world, ['transfer-encoding: chunked'], `${oversized.length.toString(16)}\r\n${oversized}\r\n0\r\n\r\n`),
      [413],
    ],
    'a chunk that is no number': [post(world, ['transfer-encoding: chunked'], 'zz\r\n'), [400]],
    'a length and chunks at once': [post(world, [length, 'transfer-encoding: chunked'], `0\r\n\r\n${json}`), [400]],
    'two lengths': [post(world, [length, 'content-length: 5'], json), [400]],
    'a length below zero': [post(world, ['content-length: -1'], json), [400]],
    'a lone line feed in a header': [post(world, [length, 'x-a: b\n x-c: d'], json), [400]],
    'a header that splits into another': [
      head(world, 'GET /v1/fleets HTTP/1.1', ['x-request-id: a\r\nset-cookie: b']).replace(/authorization.*\r\n/, ''),
      [401],
    ],
    'no host': [head(world, 'GET /v1/fleets/f-22222222 HTTP/1.1').replace('host: 127.0.0.1\r\n', ''), [400]],
    'an unknown method': [head(world, 'BREW /v1/fleets HTTP/1.1'), [400]],
    'the method TRACE': [head(world, 'TRACE /v1/fleets HTTP/1.1'), [404, 405]],
    'the method CONNECT': [head(world, 'CONNECT 127.0.0.1:1 HTTP/1.1'), [Number.NaN]],
    'an absolute address of another host': [
      head(world, 'GET http://evil.example/v1/fleets/f-22222222 HTTP/1.1'),
      [404],
    ],
    'a path that climbs': [head(world, 'GET /v1/../../etc/passwd HTTP/1.1'), [404]],
    'a path that climbs, encoded': [head(world, 'GET /v1/%2e%2e/%2e%2e/healthz HTTP/1.1'), [404]],
    'a path with a zero byte': [head(world, 'GET /v1/fleets/%00 HTTP/1.1'), [404]],
    'a question for options from another site': [
      head(world, 'OPTIONS /v1/fleets HTTP/1.1', [
        'origin: https://evil.example',
        'access-control-request-method: POST',
      ]),
      [404, 405],
    ],
    'another site in Host, Origin and forwarded headers': [
      head(world, 'GET /v1/fleets/f-22222222 HTTP/1.1', [
        'origin: https://evil.example',
        'x-forwarded-host: evil.example',
        'x-original-url: /v1/openapi.json',
      ]).replace('host: 127.0.0.1', 'host: evil.example'),
      [404],
    ],
    'a request to become another protocol': [
      head(world, 'GET /v1/fleets/f-22222222 HTTP/1.1').replace(
        'connection: close',
        'connection: upgrade, close\r\nupgrade: websocket',
      ),
      [404, Number.NaN],
    ],
  };
  for (const [name, [text, statuses]] of Object.entries(cases)) {
    const answer = await sendRaw(world, text);
    expect.soft(statuses, `${name}: ${answer.status}`).toContainEqual(answer.status);
    const told = JSON.stringify([...answer.headers, answer.body]);
    expect.soft(told, name).not.toContain('evil.example');
    expect.soft(told, name).not.toMatch(/access-control-|set-cookie|"server"|x-powered-by/i);
    world.clock.move(10_000);
  }
  expect(await tracesOf(world)).toEqual(before);
  const works = await sendRaw(world, post(world, [length], json));
  expect([works.status, works.body.created]).toEqual([201, true]);
});

test('of a field that stands twice in a body the last one counts, as in all JSON', async () => {
  const world = await openRefusing();
  const body = json
    .replace('{', '{"workflow":"other",')
    .replace('{"version":"2.0"}', '{"version":"1.0","version":"2.0"}');
  const { status, body: answer } = await sendRaw(world, post(world, [`content-length: ${body.length}`], body));
  expect([status, answer.fleet.workflow, answer.fleet.inputs]).toEqual([201, 'bump', { version: '2.0' }]);
});

test('HEAD tells what GET does without a body, and a client chooses no id of its own', async () => {
  const world = await openRefusing();
  const answer = await sendRaw(
    world,
    head(world, 'HEAD /v1/openapi.json HTTP/1.1', ['x-request-id: mine', 'request-id: mine']),
  );
  expect([answer.status, answer.body]).toEqual([200, '']);
  expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('connections that send slowly hold nobody up', async () => {
  const world = await openRefusing();
  const { port, hostname } = new URL(world.webhookUrl);
  const slow = Array.from({ length: 300 }, (_, index) => {
    const socket = connect(Number(port), hostname, () => {
      // Some within their head, some within their body.
      socket.write(
        index % 2 === 0 ? 'POST /v1/fleets HTTP/1.1\r\nhost: x\r\n' : post(world, ['content-length: 500'], '{"'),
      );
    });
    socket.on('error', () => undefined);
    return socket;
  });
  expect((await sendRaw(world, post(world, [`content-length: ${json.length}`], json))).status).toBe(201);
  for (const socket of slow) socket.destroy();
});

test('a delivery that is sent again, or whose signature stands under another body, starts nothing', async () => {
  const world = await openRefusing();
  await world.comment('mona', '/fleet bump version=2.0');
  const fleets = await world.fleets();
  expect(fleets).toHaveLength(1);
  const before = await tracesOf(world);
  const delivery = world.deliveries().find(({ event }) => event === 'issue_comment');
  if (delivery === undefined) throw new Error('There was no delivery.');
  const sent = delivery.request.body;
  const signature = `sha256=${createHmac('sha256', APP.webhookSecret).update(sent).digest('hex')}`;
  const deliver = async (body: string, guid: string) => {
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'issue_comment',
      'x-github-delivery': guid,
      'x-hub-signature-256': signature,
    };
    return (await fetch(world.webhookUrl, { method: 'POST', headers, body })).status;
  };
  expect(await deliver(sent, delivery.guid)).toBe(200);
  expect(await deliver(sent.replace('version=2.0', 'version=3.0'), 'another-guid')).toBe(401);
  expect(await tracesOf(world)).toEqual(before);
});
