import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { givenGitHub, repositories, type World } from './given-github.ts';

let world: World;
let now = Date.parse('2026-05-01T10:00:00Z');

beforeAll(async () => {
  world = await givenGitHub(
    [
      {
        login: 'acme',
        repositories: repositories('platform').map((each) => ({ ...each, protected_branches: ['main'] })),
      },
    ],
    { now: () => now },
  );
});
afterAll(() => world.close());

const discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });

/** As a service does that trusts the issuer and knows nothing but its address. */
async function verify(token: string, audience: string) {
  const issuer = `${world.github.url}/_services/token`;
  const found = await fetch(`${issuer}/.well-known/openid-configuration`);
  const { jwks_uri, issuer: named } = discovery.parse(await found.json());
  expect(named).toBe(issuer);
  const keys = createRemoteJWKSet(new URL(jwks_uri));
  return jwtVerify(token, keys, { issuer, audience, algorithms: ['RS256'], currentDate: new Date(now) });
}

test('an id token tells of the job what GitHub tells, and a service can verify it', async () => {
  const token = await world.github.mintIdToken({
    repository: 'acme/platform',
    audience: 'https://fleet.example',
    actor: 'octocat',
  });
  const { payload, protectedHeader } = await verify(token, 'https://fleet.example');
  expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
  const repository = world.github.context.state.repositories.all()[0];
  const seconds = now / 1000;
  expect(payload).toMatchObject({
    sub: 'repo:acme/platform:ref:refs/heads/main',
    ref: 'refs/heads/main',
    ref_type: 'branch',
    ref_protected: 'true',
    sha: expect.stringMatching(/^[0-9a-f]{40}$/),
    repository: 'acme/platform',
    repository_id: String(repository?.id),
    repository_owner: 'acme',
    repository_owner_id: String(repository?.ownerId),
    repository_visibility: 'private',
    actor: 'octocat',
    actor_id: expect.stringMatching(/^\d+$/),
    workflow_ref: 'acme/platform/.github/workflows/fleet.yml@refs/heads/main',
    job_workflow_ref: 'acme/platform/.github/workflows/fleet.yml@refs/heads/main',
    event_name: 'workflow_dispatch',
    runner_environment: 'github-hosted',
    run_attempt: '1',
    jti: expect.any(String),
    iat: seconds,
    nbf: seconds - 600,
    exp: seconds + 300,
  });
});

test('the subject names the environment or the pull request instead of the ref', async () => {
  const repository = 'acme/platform';
  const subject = async (job: object) => decodeJwt(await world.github.mintIdToken({ repository, ...job })).sub;
  expect(await subject({ environment: 'live' })).toBe('repo:acme/platform:environment:live');
  expect(await subject({ event: 'pull_request', ref: 'refs/pull/1/merge' })).toBe('repo:acme/platform:pull_request');
  expect(await subject({ ref: 'refs/tags/v1' })).toBe('repo:acme/platform:ref:refs/tags/v1');
});

test('a test can say otherwise, and a job needs a repository', async () => {
  const claims = { iss: 'https://token.actions.example', repository_id: undefined };
  const token = await world.github.mintIdToken({ repository: 'acme/platform', claims });
  expect(decodeJwt(token)).toMatchObject({ iss: 'https://token.actions.example' });
  expect(decodeJwt(token)).not.toHaveProperty('repository_id');
  await expect(world.github.mintIdToken({ repository: 'acme/gone' })).rejects.toThrow('no repository acme/gone');
  expect(() => world.github.startJob({ repository: 'acme/gone' })).toThrow('no repository acme/gone');
});

test('a job asks for its token by the address and the secret that it is given, for six hours', async () => {
  const { url, token } = world.github.startJob({ repository: 'acme/platform', runId: 42 });
  const ask = async (bearer: string, audience = '') => {
    const answer = await fetch(url + audience, { headers: { authorization: `Bearer ${bearer}` } });
    return { status: answer.status, json: z.object({ value: z.string().optional() }).parse(await answer.json()) };
  };
  const given = await ask(token, '&audience=https%3A%2F%2Ffleet.example');
  expect(given.status).toBe(200);
  const { payload } = await verify(given.json.value ?? '', 'https://fleet.example');
  expect(payload.run_id).toBe('42');
  expect(decodeJwt((await ask(token)).json.value ?? '').aud).toBe(`${world.github.url}/acme`);
  expect((await ask('octocat')).status).toBe(401);
  expect((await fetch(url)).status).toBe(401);
  now += 6 * 3_600_000;
  expect((await ask(token)).status).toBe(401);
});

test('the issuer can be made to fail, as the API can', async () => {
  world.github.failures.next({ route: 'GET /_services/token/.well-known/jwks', mode: 'status', status: 503 });
  const ask = async () => (await fetch(`${world.github.url}/_services/token/.well-known/jwks`)).status;
  expect([await ask(), await ask()]).toEqual([503, 200]);
});

test('tokens of an earlier start are signed by another key', async () => {
  const token = await world.github.mintIdToken({ repository: 'acme/platform', audience: 'x' });
  await verify(token, 'x');
  const parts = token.split('.');
  const forged = [parts[0], parts[1], 'A'.repeat(parts[2]?.length ?? 0)].join('.');
  await expect(verify(forged, 'x')).rejects.toThrow();
  const key = async () => (await fetch(`${world.github.url}/_services/token/.well-known/jwks`)).text();
  const before = await key();
  await world.restart();
  expect(await key()).not.toBe(before);
});
