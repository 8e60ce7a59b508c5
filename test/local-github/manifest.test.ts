import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSeed } from '../../src/local-github/seed/seed.ts';
import { givenGitHub, repositories, type World } from './given-github.ts';

let world: World;

beforeAll(async () => {
  world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha') }]);
});
afterAll(() => world.close());

const setupPage = { origin: 'http://localhost:3000' };
const sound = {
  name: 'second',
  url: 'https://flotilla.example',
  redirect_url: 'http://localhost:3000/probot/setup',
  hook_attributes: { url: 'http://127.0.0.1:3000/api/github/webhooks' },
};

function postManifest(manifest: object, headers: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams({ manifest: JSON.stringify(manifest) });
  return fetch(`${world.github.url}/settings/apps/new`, { method: 'POST', redirect: 'manual', headers, body });
}

describe('a manifest', () => {
  it.each([
    ['a page of the web', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a page without an origin', { origin: 'null' }],
    ['a page whose host only starts like ours', { origin: 'http://127.0.0.1.evil.example' }],
    ['a page that names no origin', { 'sec-fetch-site': 'cross-site' }],
    ['no page at all', {}],
  ])('from %s is refused', async (_, headers) => {
    const answer = await postManifest(sound, headers);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('on this machine only');
  });

  it.each([
    ['redirect_url', { ...sound, redirect_url: 'https://evil.example/got' }],
    ['hook_attributes.url', { ...sound, hook_attributes: { url: 'https://evil.example/hook' } }],
    ['hook_attributes.url', { ...sound, hook_attributes: { url: 'http://localhost.evil.example/' } }],
  ])('with a foreign %s is refused, and the answer says which', async (field, manifest) => {
    const answer = await postManifest(manifest, setupPage);
    expect(answer.status).toBe(422);
    const text = await answer.text();
    expect(text).toContain(field);
    expect(text).toContain('must be on this machine');
  });

  it.each([
    ['localhost on another port', setupPage],
    ['IPv6 loopback', { origin: 'http://[::1]:3000' }],
    ['the server itself', { 'sec-fetch-site': 'same-origin' }],
  ])('from %s is taken', async (_, headers) => {
    expect((await postManifest(sound, headers)).status).toBe(302);
  });

  it('is converted by the setup server and by no page of the web', async () => {
    const redirect = (await postManifest(sound, setupPage)).headers.get('location') ?? '';
    const conversion = `/app-manifests/${new URL(redirect).searchParams.get('code')}/conversions`;
    const apps = () => world.github.context.state.apps.all().length;
    const before = apps();
    const evil = { token: '', headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } };
    expect((await world.api('POST', conversion, evil)).status).toBe(403);
    expect(apps()).toBe(before);
    expect((await world.api('POST', conversion, { token: '' })).status).toBe(201);
  });
});

describe('a seed', () => {
  it('sends webhooks to this machine alone', () => {
    const seed = (webhook_url: string) => ({ app: { webhook_url } });
    expect(() => parseSeed(seed('https://smee.io/x'))).toThrow('app.webhook_url: must be on this machine');
    expect(() => parseSeed(seed('not a url'))).toThrow('app.webhook_url: must be on this machine');
    expect(parseSeed(seed('http://127.0.0.1:3000/hook')).app?.webhook_url).toBe('http://127.0.0.1:3000/hook');
  });
});
