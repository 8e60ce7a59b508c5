import { createHmac, generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { bump, services, workflowFiles } from '../workflows.ts';
import type { World } from '../world.ts';
import { ask } from './api-client.ts';
import { AUDIENCE, BOT, jobToken, openJobWorld } from './jobs.ts';
import { expectEnvelope, tracesOf } from './nothing-happened.ts';

const submission = {
  control_repository: 'acme/platform',
  workflow: 'bump',
  inputs: { version: '2.0' },
};
const planned = { ...submission, plan_only: true };

test('a job starts a fleet as a listed dispatcher, for the person in run_as, and follows it', async () => {
  const world = await openJobWorld();
  const submitted = await ask(world, await jobToken(world), 'POST', '/v1/fleets', submission);
  expect(submitted.status, JSON.stringify(submitted.body)).toBe(201);
  expect(submitted.body.fleet).toMatchObject({ door: 'api', sender: { login: BOT }, run_as: { login: 'mona' } });
  await world.settle();
  // Another job, with another token.
  const followed = await ask(world, await jobToken(world), 'GET', `/v1/fleets/${submitted.body.fleet.id}`);
  expect(followed.body).toMatchObject({ status: 'completed', pull_requests: 2 });
});

const now = () => Math.floor(Date.now() / 1000);
const parts = (token: string) => {
  const [header = '', claims = '', signature = ''] = token.split('.');
  return { header, claims, signature };
};
const payloadOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(parts(token).claims, 'base64url').toString());
const idOf = (world: World, name: string): string =>
  String(world.github.context.state.repositories.find((one) => one.name === name)?.id);

/** Signed by somebody else, under whatever header. */
function forged(token: string, header: Record<string, unknown>): Promise<string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return new SignJWT(payloadOf(token)).setProtectedHeader({ alg: 'RS256', ...header }).sign(privateKey);
}

/** By what the answer says. */
const REFUSED: Record<string, Record<string, (world: World) => Promise<string>>> = {
  "does not have GitHub's signature": {
    'the form of a JWT and nothing in it': async () => 'e30.e30.e30',
    'no claims at all': async (world) => {
      const { header, signature } = parts(await jobToken(world));
      return `${header}.e30.${signature}`;
    },
    'the signature of another token under these claims': async (world) => {
      const [asked, signed] = [await jobToken(world), await jobToken(world, { repository: 'acme/one' })];
      return `${parts(asked).header}.${parts(asked).claims}.${parts(signed).signature}`;
    },
    'claims that were changed after the signature': async (world) => {
      const { header, signature } = parts(await jobToken(world, { repository: 'acme/one' }));
      const claims = Buffer.from(JSON.stringify(payloadOf(await jobToken(world)))).toString('base64url');
      return `${header}.${claims}.${signature}`;
    },
    'no signature, and an algorithm that needs none': async (world) =>
      new UnsecuredJWT(payloadOf(await jobToken(world))).encode(),
    "a signature by the public key's text as a password": async (world) => {
      const token = await jobToken(world);
      const keys = await (await fetch(`${world.url}/_services/token/.well-known/jwks`)).text();
      const head = Buffer.from(JSON.stringify({ ...decodeProtectedHeader(token), alg: 'HS256' })).toString('base64url');
      const text = `${head}.${parts(token).claims}`;
      return `${text}.${createHmac('sha256', keys).update(text).digest('base64url')}`;
    },
    'an unknown key': async (world) => forged(await jobToken(world), { kid: 'mine' }),
    'no name of a key': async (world) => forged(await jobToken(world), {}),
    "somebody else's signature under the name of GitHub's key": async (world) => {
      const token = await jobToken(world);
      return forged(token, { kid: decodeProtectedHeader(token).kid });
    },
    'a key that it names itself': async (world) =>
      forged(await jobToken(world), {
        kid: 'mine',
        jku: `${world.webhookUrl}/jwks`,
        jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
      }),
  },
  'has expired': {
    'a making long ago and an end far away': (world) =>
      jobToken(world, { claims: { iat: now() - 7200, exp: now() + 999_999 } }),
    'an end that is over': (world) => jobToken(world, { claims: { iat: now() - 700, exp: now() - 60 } }),
  },
  'is not valid yet': {
    'a beginning that is to come': (world) => jobToken(world, { claims: { nbf: now() + 120 } }),
    'a making that is to come': (world) => jobToken(world, { claims: { iat: now() + 120, exp: now() + 600 } }),
  },
  'was made for another server': {
    'another audience': (world) => jobToken(world, { audience: 'https://other.example.com' }),
    'an audience that begins like this one': (world) => jobToken(world, { audience: `${AUDIENCE}.evil.example` }),
    'this audience among others': (world) =>
      jobToken(world, { claims: { aud: [AUDIENCE, 'https://other.example.com'] } }),
    'no audience': (world) => jobToken(world, { claims: { aud: undefined } }),
  },
  "is not from the GitHub of this server's app": {
    'the issuer of another GitHub': (world) =>
      jobToken(world, { claims: { iss: 'https://token.actions.githubusercontent.com' } }),
    'an issuer that begins like this one': (world) =>
      jobToken(world, { claims: { iss: `${world.url}/_services/token/evil` } }),
  },
  'The app is not installed': {
    "another repository's id under the listed name": (world) =>
      jobToken(world, { claims: { repository_id: idOf(world, 'one') } }),
    'the listed id under another name': (world) =>
      jobToken(world, { repository: 'acme/one', claims: { repository_id: idOf(world, 'platform') } }),
    "another owner's id": (world) => jobToken(world, { claims: { repository_owner_id: '424242' } }),
    'a repository that the app does not know': (world) => jobToken(world, { claims: { repository: 'acme/elsewhere' } }),
  },
  'lacks claims': {
    'no end': (world) => jobToken(world, { claims: { exp: undefined } }),
    'an id that is no text': (world) => jobToken(world, { claims: { repository_id: Number(idOf(world, 'platform')) } }),
    'no repository': (world) => jobToken(world, { claims: { repository: undefined } }),
    'a path in place of a repository': (world) => jobToken(world, { claims: { repository: 'acme/../../app' } }),
  },
  'not run on the default branch': {
    'another branch': (world) => jobToken(world, { ref: 'refs/heads/mine' }),
  },
  'does not run on a branch': {
    'a tag with the name of the default branch': (world) => jobToken(world, { ref: 'refs/tags/main' }),
    'a pull request': (world) => jobToken(world, { ref: 'refs/pull/1/merge', event: 'pull_request' }),
    'a ref of another type': (world) => jobToken(world, { claims: { ref_type: 'tag' } }),
  },
  'can be done by people who cannot write': {
    ...Object.fromEntries(
      [
        'pull_request_target',
        'issue_comment',
        'issues',
        'workflow_run',
        'fork',
        'watch',
        'discussion',
        'new_event',
      ].map((event) => [`the event ${event} on the default branch`, (world: World) => jobToken(world, { event })]),
    ),
  },
  'is longer than any that GitHub makes': {
    'more text than GitHub makes': (world) => jobToken(world, { claims: { more: 'x'.repeat(9_500) } }),
  },
};

test('a token that GitHub did not make for a job of this repository and this server is refused and starts nothing', async () => {
  const world = await openJobWorld();
  const before = await tracesOf(world);
  const cases = Object.entries(REFUSED).flatMap(([why, made]) =>
    Object.entries(made).map(([name, make]) => ({ why, name, make })),
  );
  for (const { why, name, make } of cases) {
    const token = await make(world);
    const answer = await ask(world, token, 'POST', '/v1/fleets', submission);
    expectEnvelope(answer, { status: 401, code: 'unauthenticated' }, name);
    expect.soft(answer.body.error.message, name).toContain(why);
    expect.soft(JSON.stringify([answer.body, ...answer.headers]), name).not.toContain(parts(token).claims);
    world.clock.move(10_000);
  }
  expect(await tracesOf(world)).toEqual(before);
  expect((await ask(world, await jobToken(world), 'POST', '/v1/fleets', planned)).status).toBe(201);
});

test('without an audience in the settings no token of a job is taken, and the answer says what to set', async () => {
  const world = await openJobWorld({ audience: null });
  const { status, body } = await ask(world, await jobToken(world), 'POST', '/v1/fleets', submission);
  expect([status, body.error.remedy]).toEqual([401, expect.stringContaining('api: { audience')]);
});

test('a job asks for what its dispatcher lists alone, in its own repository', async () => {
  const files = workflowFiles({ bump: bump('[{ tag: app }]'), other: bump('[{ tag: app }]').replace('bump', 'other') });
  const world = await openJobWorld({ platform: { files } });
  const token = await jobToken(world);
  const before = await tracesOf(world);
  const cases: [string, object][] = [
    ['another workflow', { workflow: 'other' }],
    ['another repository', { control_repository: 'acme/one' }],
    ['a repository that is not there', { control_repository: 'acme/nowhere' }],
  ];
  for (const [name, change] of cases) {
    const { status, body } = await ask(world, token, 'POST', '/v1/fleets', { ...submission, ...change });
    expect.soft([status, body.error.remedy], name).toEqual([403, expect.stringMatching(/\S/)]);
  }
  // A job of a repository that no dispatcher names.
  const stranger = await jobToken(world, { repository: 'acme/one' });
  const { status } = await ask(world, stranger, 'POST', '/v1/fleets', {
    ...submission,
    control_repository: 'acme/one',
  });
  expect(status).toBe(403);
  expect(await tracesOf(world)).toEqual(before);
});

test('a job never approves what it asked for, and undoes, publishes and stops nothing, but cancels it', async () => {
  const world = await openJobWorld();
  const token = await jobToken(world);
  const { body } = await ask(world, token, 'POST', '/v1/fleets', planned);
  const { id } = body.fleet;
  for (const verb of ['approve', 'reject', 'publish', 'undo', 'pause', 'resume']) {
    const answer = await ask(world, token, 'POST', `/v1/fleets/${id}/${verb}`, {});
    expectEnvelope(answer, { status: 403, code: 'not_permitted' }, verb);
  }
  await world.settle();
  expect((await ask(world, token, 'GET', `/v1/fleets/${id}`)).body).toMatchObject({
    status: 'planned',
    approved_at: null,
  });
  expect((await ask(world, token, 'POST', `/v1/fleets/${id}/cancel`)).status).toBe(200);
  await world.settle();
  expect((await ask(world, token, 'GET', `/v1/fleets/${id}`)).body.status).toBe('cancelled');
});

test('a job tries again what failed of a fleet of its own', async () => {
  const failing = bump('[{ tag: app }]').replace('printf', 'test -e /nowhere && printf');
  const world = await openJobWorld({
    platform: { files: workflowFiles({ bump: failing }) },
    repositories: services('one'),
  });
  const token = await jobToken(world);
  const { body } = await ask(world, token, 'POST', '/v1/fleets', submission);
  await world.settle();
  const retried = await ask(world, token, 'POST', `/v1/fleets/${body.fleet.id}/retry`, {});
  expect(retried.status, JSON.stringify(retried.body)).toBe(200);
  await world.settle();
  expect((await ask(world, token, 'GET', `/v1/fleets/${body.fleet.id}`)).body.tasks[0].attempt).toBe(2);
});

test('a job does not take back what a person stopped', async () => {
  const world = await openJobWorld();
  const token = await jobToken(world);
  const { body } = await ask(world, token, 'POST', '/v1/fleets', planned);
  const { id } = body.fleet;
  const { mona = '' } = world.appTokens;
  expect((await ask(world, mona, 'POST', `/v1/fleets/${id}/approve`, {})).status).toBe(200);
  expect((await ask(world, mona, 'POST', `/v1/fleets/${id}/cancel`)).status).toBe(200);
  await world.settle();
  const retried = await ask(world, token, 'POST', `/v1/fleets/${id}/retry`, {});
  expectEnvelope(retried, { status: 403, code: 'not_permitted' }, 'a retry');
  await world.settle();
  expect((await ask(world, token, 'GET', `/v1/fleets/${id}`)).body).toMatchObject({
    status: 'cancelled',
    pull_requests: 0,
  });
});

test('what people asked for is not there for jobs, nor what jobs of another repository asked for', async () => {
  const world = await openJobWorld({
    settings: `dispatchers:
  - { login: "${BOT}", repository: acme/platform, workflows: [bump], run_as: mona }
  - { login: "${BOT}", repository: acme/one, workflows: [bump], run_as: mona }
`,
  });
  const token = await jobToken(world);
  const byPerson = await ask(world, world.appTokens.mona ?? '', 'POST', '/v1/fleets', planned);
  const byJob = await ask(world, token, 'POST', '/v1/fleets', { ...planned, inputs: { version: '3.0' } });
  const other = await jobToken(world, { repository: 'acme/one' });
  const cases: [string, string, string][] = [
    ["a job, of a person's", token, byPerson.body.fleet.id],
    ["a job of another repository, of a person's", other, byPerson.body.fleet.id],
    ["a job of another repository, of a job's", other, byJob.body.fleet.id],
  ];
  for (const [name, asking, id] of cases) {
    for (const [method, path] of [
      ['GET', `/v1/fleets/${id}`],
      ['POST', `/v1/fleets/${id}/cancel`],
      ['POST', `/v1/fleets/${id}/retry`],
      ['POST', `/v1/fleets/${id}/approve`],
    ] as const) {
      const answer = await ask(world, asking, method, path, method === 'GET' ? undefined : {});
      expectEnvelope(answer, { status: 404, code: 'unknown_fleet' }, `${name}: ${method} ${path}`);
    }
  }
  const listed = await ask(world, token, 'GET', '/v1/fleets');
  expect(listed.body.fleets.map(({ id }: { id: string }) => id)).toEqual([byJob.body.fleet.id]);
  // The same command as the person's finds it under way, and tells nothing but its id.
  const same = await ask(world, token, 'POST', '/v1/fleets', planned);
  expectEnvelope(same, { status: 409, code: 'wrong_state' }, 'the same command');
  const [people, jobs] = await world.fleets();
  expect([people?.cancelRequestedAt, jobs?.cancelRequestedAt]).toEqual([null, null]);
});

test('a job does not take back what a person rejected, also where a job had cancelled it before', async () => {
  const inWaves = bump('[{ tag: app }]', 'rollout: { canary: 1, waves: [100%], approve: canary }');
  const world = await openJobWorld({ platform: { files: workflowFiles({ bump: inWaves }) } });
  const token = await jobToken(world);
  const { id } = (await ask(world, token, 'POST', '/v1/fleets', submission)).body.fleet;
  await world.settle();
  expect((await ask(world, token, 'POST', `/v1/fleets/${id}/cancel`)).status).toBe(200);
  await world.settle();
  expect((await ask(world, token, 'POST', `/v1/fleets/${id}/retry`, {})).status).toBe(200);
  await world.settle();
  const { mona = '' } = world.appTokens;
  const rejected = await ask(world, mona, 'POST', `/v1/fleets/${id}/reject`, {});
  expect(rejected.status, JSON.stringify(rejected.body)).toBe(200);
  await world.settle();
  const retried = await ask(world, token, 'POST', `/v1/fleets/${id}/retry`, {});
  expectEnvelope(retried, { status: 403, code: 'not_permitted' }, 'a retry');
});

test('once a dispatcher is no longer listed, its jobs neither see nor cancel what they started', async () => {
  const listed = `dispatchers: [{ login: "${BOT}", repository: acme/platform, workflows: [bump], run_as: mona }]\n`;
  const world = await openJobWorld({
    settings: '',
    repositories: [...services('one'), { name: '.github', files: { '.github/fleet.yml': listed } }],
  });
  const token = await jobToken(world);
  const { status, body } = await ask(world, token, 'POST', '/v1/fleets', planned);
  expect(status, JSON.stringify(body)).toBe(201);
  expect((await ask(world, token, 'GET', `/v1/fleets/${body.fleet.id}`)).status).toBe(200);
  await world.commit('mona', '.github', '.github/fleet.yml', 'dispatchers: []\n', 'main');
  const cancelled = await ask(world, token, 'POST', `/v1/fleets/${body.fleet.id}/cancel`);
  expectEnvelope(cancelled, { status: 404, code: 'unknown_fleet' }, 'cancel');
  world.clock.move(61_000);
  expect((await ask(world, token, 'GET', `/v1/fleets/${body.fleet.id}`)).status).toBe(404);
});
