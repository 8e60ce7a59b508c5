import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { WorldOptions } from '../../story/world.ts';
import { addressOf, type ClientOptions, client, settledWhile } from './client-command.ts';
import { setVersionWorld, submitted } from './set-version.ts';

const BOT = 'github-actions[bot]';
const DISPATCHERS = `
dispatchers:
  - { login: "${BOT}", repository: acme/platform, workflows: [set-version], run_as: mona }
`;

test('a job of GitHub Actions starts and follows a fleet by its OIDC token, which is renewed', async () => {
  const options: WorldOptions = { settings: '' };
  const world = await setVersionWorld(options);
  // The server checks the tokens of jobs by real time, as GitHub's are.
  world.clock.move(Date.now() - world.clock.now());
  options.settings = `api: { audience: "${addressOf(world)}" }\n${DISPATCHERS}`;
  await world.crashAndRestart();
  const { state } = world.github.context;
  const [mona] = state.accounts.where(({ login }) => login === 'mona');
  if (mona === undefined) throw new Error('There is no mona.');
  state.accounts.insert({ ...mona, id: state.nextId('account'), login: BOT, type: 'Bot', name: null });

  const job = world.github.startJob({ repository: 'acme/platform' });
  const env = {
    FLEET_URL: addressOf(world),
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'acme/platform',
    ACTIONS_ID_TOKEN_REQUEST_URL: job.url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.token,
  };
  const waited = await settledWhile(world, client(submitted(['service-a'], '--wait'), { env }));
  expect(waited.exitCode, waited.stderr).toBe(0);
  expect(`${waited.stdout}${waited.stderr}`).not.toContain(job.token);
  expect((await world.fleet()).runAs.login).toBe('mona');
});

/** Answers as a server whose tokens live for a short time, and as GitHub Actions beside it. */
async function shortLived() {
  const given: string[] = [];
  const taken: string[] = [];
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url?.startsWith('/token') === true) {
      given.push(request.url);
      const exp = Math.floor(Date.now() / 1000) + 30;
      const claims = Buffer.from(JSON.stringify({ exp, n: given.length })).toString('base64url');
      return response.end(JSON.stringify({ value: `e30.${claims}.c2ln` }));
    }
    taken.push(request.headers.authorization ?? '');
    return response.end(JSON.stringify({ fleets: [], next_cursor: taken.length < 3 ? 'more' : null }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, given, taken };
}

test('a token that is about to expire is not sent: another one is asked for, for this server alone', async () => {
  const { address, given, taken } = await shortLived();
  const options: ClientOptions = {
    env: {
      FLEET_URL: `${address}/`,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${address}/token?v=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job',
    },
  };
  const listed = await client(['list', '--json'], options);
  expect([listed.exitCode, listed.stdout, listed.stderr]).toEqual([0, '[]', '']);
  expect(new Set(taken).size).toBe(3);
  expect(new Set(given)).toEqual(new Set([`/token?v=2&audience=${encodeURIComponent(address)}`]));
});

test('a job without the permission is told which one it needs', async () => {
  const env = {
    FLEET_URL: 'http://127.0.0.1:9',
    ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:9/token',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job',
  };
  const { exitCode, stderr } = await client(['list'], { env });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('`permissions: { id-token: write }`')]);
  expect(stderr).not.toContain('of-the-job');
});
