import { beforeEach, expect, test } from 'vitest';
import { createSetupGuard, type SetupGuard } from '../../src/edge/setup-guard.ts';

let now: number;
let guard: SetupGuard;
beforeEach(() => {
  now = 0;
  let made = 0;
  guard = createSetupGuard(
    () => now,
    (bytes) => {
      made += 1;
      return Buffer.alloc(bytes, made);
    },
  );
});

const HOST = 'localhost:3000';
const get = (url: string, headers = {}) => guard.judge({ method: 'GET', url, headers: { host: HOST, ...headers } });
const post = (headers: object) => guard.judge({ method: 'POST', url: '/probot/import', headers: { ...headers } });

test.each(['localhost:3000', 'LOCALHOST', '127.0.0.1:3000', '127.1.2.3', '[::1]:3000'])(
  '%s is this machine',
  (host) => {
    expect(get('/probot', { host })).toEqual({ ok: true, host, path: '/probot' });
  },
);

test.each([
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example:3000',
  'evil.example:127',
  '10.0.0.1',
  '',
])('a request for the host "%s" is refused', (host) => {
  expect(get('/probot', { host })).toMatchObject({ ok: false, status: 421 });
  expect(post({ host, origin: `http://${host}` })).toMatchObject({ ok: false, status: 421 });
});

test.each([
  ['of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['of another server on this machine', { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-site' }],
  ['of a page in a sandboxed frame', { origin: 'null' }],
  ['without an origin', {}],
  ['that says same origin and is not', { origin: `http://${HOST}`, 'sec-fetch-site': 'cross-site' }],
])('a form %s is refused', (_, headers) => {
  expect(post({ host: HOST, ...headers })).toMatchObject({ ok: false, status: 403 });
});

test.each([{ 'sec-fetch-site': 'same-origin' }, {}])('a form of our own page is taken: %o', (headers) => {
  expect(post({ host: HOST, origin: `http://${HOST}`, ...headers })).toMatchObject({ ok: true });
});

test('the way back from GitHub needs the state of our form, once and within an hour', () => {
  const refused = { ok: false, status: 403 };
  expect(get('/probot/setup?code=c')).toMatchObject(refused);
  expect(get('/probot/setup?code=c&state=')).toMatchObject(refused);
  expect(get('/probot/setup?code=c&state=guessed')).toMatchObject(refused);
  const state = guard.newState();
  const back = `/probot/setup?code=c&state=${state}`;
  expect(get(back, { 'sec-fetch-site': 'cross-site' })).toMatchObject({ ok: true, path: back });
  expect(get(back)).toMatchObject(refused);
  const late = guard.newState();
  expect(late).not.toBe(state);
  now = 60 * 60_000;
  expect(get(`/probot/setup?code=c&state=${late}`)).toMatchObject(refused);
});

test.each([
  '/probot/./setup?code=c',
  '/probot/x/../setup?code=c',
  '/x/../probot/setup?code=c',
  '/probot\\setup?code=c',
])('the way back is known in the form %s', (url) => {
  expect(get(url)).toMatchObject({ ok: false, status: 403 });
});

test('a page that is opened without end does not fill the memory', () => {
  const first = guard.newState();
  for (let opened = 0; opened < 100; opened += 1) guard.newState();
  expect(get(`/probot/setup?code=c&state=${first}`)).toMatchObject({ ok: false });
});

test.each([
  ['PUT', '/probot/import', 405],
  ['GET', 'http://evil.example/probot', 400],
  ['GET', '*', 400],
])('%s %s is refused', (method, url, status) => {
  expect(guard.judge({ method, url, headers: { host: HOST } })).toMatchObject({ ok: false, status });
});
