import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { givenGitHub, octocatsAppToken, repositories, type World } from './given-github.ts';

let world: World;
let now = 0;

beforeEach(async () => {
  now = Date.parse('2026-05-01T10:00:00Z');
  world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha') }], { now: () => now });
});
afterEach(() => world.close());

const seconds = 1000;
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

async function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(fields);
  const answer = await fetch(world.github.url + path, {
    method: 'POST',
    headers: { accept: 'application/json', ...headers },
    body,
  });
  const json: unknown = await answer.json();
  return { status: answer.status, json };
}

const started = z.object({ device_code: z.string(), user_code: z.string() });

async function start() {
  const answer = await post('/login/device/code', { client_id: world.github.app.clientId });
  return started.parse(answer.json);
}

function ask(fields: Record<string, string>) {
  return post('/login/oauth/access_token', { client_id: world.github.app.clientId, ...fields });
}

const askFor = (device_code: string) => ask({ grant_type: deviceGrant, device_code });

const tokens = z.object({ access_token: z.string(), refresh_token: z.string() });

async function signIn(login: string) {
  const { device_code, user_code } = await start();
  world.github.decideDevice(user_code, login);
  return tokens.parse((await askFor(device_code)).json);
}

describe('a program without a browser', () => {
  test('shows a code, waits, and gets a token of the person who enters it', async () => {
    const answer = await post('/login/device/code', { client_id: world.github.app.clientId });
    expect(answer).toMatchObject({
      status: 200,
      json: {
        device_code: expect.stringMatching(/^[0-9a-f]{40}$/),
        user_code: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
        verification_uri: `${world.github.url}/login/device`,
        expires_in: 900,
        interval: 5,
      },
    });
    const { device_code, user_code } = started.parse(answer.json);
    expect(await askFor(device_code)).toMatchObject({ status: 200, json: { error: 'authorization_pending' } });
    world.github.decideDevice(user_code.toLowerCase().replace('-', ' '), 'octocat');
    now += 5 * seconds;
    const granted = await askFor(device_code);
    expect(granted).toMatchObject({
      status: 200,
      json: { expires_in: 28_800, refresh_token_expires_in: 15_897_600, token_type: 'bearer', scope: '' },
    });
    const { access_token, refresh_token } = tokens.parse(granted.json);
    expect([access_token.slice(0, 4), refresh_token.slice(0, 4)]).toEqual(['ghu_', 'ghr_']);
    expect((await world.api('GET', '/user', { token: access_token })).json).toMatchObject({ login: 'octocat' });
    now += 5 * seconds;
    expect((await askFor(device_code)).json).toMatchObject({ error: 'incorrect_device_code' });
  });

  test('is slowed down when it asks too often, by five seconds each time', async () => {
    const { device_code, user_code } = await start();
    await askFor(device_code);
    now += 4 * seconds;
    expect((await askFor(device_code)).json).toMatchObject({ error: 'slow_down', interval: 10 });
    world.github.decideDevice(user_code, 'octocat');
    now += 9 * seconds;
    expect((await askFor(device_code)).json).toMatchObject({ error: 'slow_down', interval: 15 });
    now += 15 * seconds;
    expect((await askFor(device_code)).json).toHaveProperty('access_token');
  });

  test('learns that the person cancelled, and that the code ran out', async () => {
    const first = await start();
    world.github.decideDevice(first.user_code, null);
    expect((await askFor(first.device_code)).json).toMatchObject({ error: 'access_denied' });
    expect(() => world.github.decideDevice(first.user_code, 'octocat')).toThrow('unknown, was used or has expired');
    const second = await start();
    now += 900 * seconds;
    expect((await askFor(second.device_code)).json).toMatchObject({ error: 'expired_token' });
    expect(() => world.github.decideDevice(second.user_code, 'octocat')).toThrow('unknown, was used or has expired');
  });

  test('is refused for another client, another code, another grant and a wrong secret', async () => {
    const { device_code } = await start();
    const client_id = 'Iv23liNobody000000';
    expect((await post('/login/device/code', { client_id })).status).toBe(404);
    expect((await ask({ client_id, grant_type: deviceGrant, device_code })).json).toMatchObject({
      error: 'incorrect_client_credentials',
    });
    expect((await askFor('0000')).json).toMatchObject({ error: 'incorrect_device_code' });
    expect((await ask({ grant_type: 'authorization_code', code: 'x' })).json).toMatchObject({
      error: 'unsupported_grant_type',
    });
    expect((await ask({ grant_type: deviceGrant, device_code, client_secret: 'wrong' })).json).toMatchObject({
      error: 'incorrect_client_credentials',
    });
    await world.github.seed({ app: { slug: 'second', client_id: 'Iv23liSecond000000' } });
    const other = { client_id: 'Iv23liSecond000000', grant_type: deviceGrant, device_code };
    expect((await ask(other)).json).toMatchObject({ error: 'incorrect_device_code' });
  });

  test('is refused where the device flow is not enabled', async () => {
    const { device_code } = await start();
    await world.github.seed({ app: { slug: 'flotilla', device_flow: false } });
    const begun = await post('/login/device/code', { client_id: world.github.app.clientId });
    expect(begun).toMatchObject({ status: 200, json: { error: 'device_flow_disabled' } });
    expect((await askFor(device_code)).json).toMatchObject({ error: 'device_flow_disabled' });
  });

  test('is answered in form encoding when it does not ask for JSON, and may send JSON', async () => {
    const answer = await fetch(`${world.github.url}/login/device/code`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: world.github.app.clientId }),
    });
    expect(answer.headers.get('content-type')).toContain('application/x-www-form-urlencoded');
    const fields = new URLSearchParams(await answer.text());
    expect(fields.get('verification_uri')).toBe(`${world.github.url}/login/device`);
  });

  test('is no page of another site', async () => {
    const { clientId } = world.github.app;
    const answer = await post('/login/device/code', { client_id: clientId }, { origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
  });
});

describe('a refresh', () => {
  test('gives new tokens and ends the old ones; a token of the device flow needs no secret', async () => {
    const first = await signIn('octocat');
    now += 9 * 3600 * seconds;
    expect((await world.api('GET', '/user', { token: first.access_token })).status).toBe(401);
    const second = tokens.parse((await ask({ grant_type: 'refresh_token', refresh_token: first.refresh_token })).json);
    expect((await world.api('GET', '/user', { token: second.access_token })).json).toMatchObject({ login: 'octocat' });
    expect((await ask({ grant_type: 'refresh_token', refresh_token: first.refresh_token })).json).toMatchObject({
      error: 'bad_refresh_token',
    });
    const third = await ask({ grant_type: 'refresh_token', refresh_token: second.refresh_token });
    expect(third.json).toHaveProperty('access_token');
    expect((await world.api('GET', '/user', { token: second.access_token })).status).toBe(401);
  });

  test('is refused after half a year, to another app, and without the secret for a token of another flow', async () => {
    const { refresh_token } = await signIn('octocat');
    await world.github.seed({ app: { slug: 'second', client_id: 'Iv23liSecond000000' } });
    const other = { client_id: 'Iv23liSecond000000', grant_type: 'refresh_token', refresh_token };
    expect((await ask(other)).json).toMatchObject({ error: 'bad_refresh_token' });
    const seeded =
      world.github.context.state.tokens.find(({ token }) => token === octocatsAppToken)?.refreshToken ?? '';
    expect((await ask({ grant_type: 'refresh_token', refresh_token: seeded })).json).toMatchObject({
      error: 'incorrect_client_credentials',
    });
    const secret = { client_secret: world.github.app.clientSecret };
    expect((await ask({ grant_type: 'refresh_token', refresh_token: seeded, ...secret })).json).toHaveProperty(
      'access_token',
    );
    now += 15_897_600 * seconds;
    expect((await ask({ grant_type: 'refresh_token', refresh_token })).json).toMatchObject({
      error: 'bad_refresh_token',
    });
  });
});

describe('the page', () => {
  /** What a browser has after it has read the page: the form's token and the cookie. */
  async function open() {
    const shown = await fetch(`${world.github.url}/login/device`);
    const token = /name="token" value="([\w-]+)"/.exec(await shown.text())?.[1] ?? '';
    return { token, cookie: (shown.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
  }

  async function send(path: string, fields: Record<string, string>, cookie: string, site = 'same-origin') {
    const headers = {
      origin: site === 'same-origin' ? world.github.url : 'https://evil.example',
      'sec-fetch-site': site,
      cookie,
    };
    const body = new URLSearchParams(fields);
    const answer = await fetch(world.github.url + path, { method: 'POST', headers, body });
    return { status: answer.status, text: await answer.text() };
  }

  test('takes the code, names the app, and lets a person authorize it', async () => {
    const { device_code, user_code } = await start();
    const { token, cookie } = await open();
    const asked = await send('/login/device', { user_code, token }, cookie);
    expect(asked.text).toContain('Authorize flotilla');
    expect(asked.text).toContain('<option value="octocat">');
    expect(asked.text).not.toContain('flotilla[bot]');
    const done = await send(
      '/login/device/authorize',
      { user_code, token, as: 'octocat', decision: 'authorize' },
      cookie,
    );
    expect(done).toMatchObject({ status: 200, text: expect.stringContaining('all set') });
    expect((await askFor(device_code)).json).toHaveProperty('access_token');
  });

  test('lets a person cancel, and knows no other codes and nobody else', async () => {
    const { device_code, user_code } = await start();
    const { token, cookie } = await open();
    expect((await send('/login/device', { user_code: 'AAAA-AAAA', token }, cookie)).text).toContain('unknown');
    const path = '/login/device/authorize';
    expect((await send(path, { user_code, token, as: 'nobody', decision: 'authorize' }, cookie)).status).toBe(422);
    expect((await send(path, { user_code, token, as: 'acme', decision: 'authorize' }, cookie)).status).toBe(422);
    expect((await send(path, { user_code, token, as: 'octocat', decision: 'cancel' }, cookie)).status).toBe(200);
    expect((await askFor(device_code)).json).toMatchObject({ error: 'access_denied' });
  });

  test('takes no form of another site, without the cookie or without the token', async () => {
    const { device_code, user_code } = await start();
    const { token, cookie } = await open();
    const fields = { user_code, token, as: 'octocat', decision: 'authorize' };
    const path = '/login/device/authorize';
    expect((await send(path, fields, cookie, 'cross-site')).status).toBe(403);
    expect((await send(path, fields, '')).status).toBe(403);
    expect((await send(path, { ...fields, token: 'made-up' }, cookie)).status).toBe(403);
    expect((await send('/login/device', { user_code, token }, cookie, 'cross-site')).status).toBe(403);
    expect((await askFor(device_code)).json).toMatchObject({ error: 'authorization_pending' });
  });
});
