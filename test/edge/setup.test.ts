import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { addToEnvFile } from '../../src/edge/env-file.ts';
import { WEBHOOK_PATH } from '../../src/edge/serve.ts';
import { startSetup } from '../../src/edge/setup.ts';

let folder: string;
let envFile: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-setup-'));
  envFile = join(folder, '.env');
});
afterEach(() => rm(folder, { recursive: true }));

const PEM = '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n';
const stored = async () => parseEnv(await readFile(envFile, 'utf8'));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('the setup page listens on loopback, shows the manifest of app.yml and stores credentials', async () => {
  const setup = await startSetup({ port: await freePort(), envFile, log: pino({ level: 'silent' }) });
  try {
    expect(new URL(setup.url).hostname).toBe('127.0.0.1');
    const page = await (await fetch(`${setup.url}/probot`)).text();
    expect(page).toContain('/settings/apps/new');
    expect(page).toContain('repository_dispatch');
    const imported = await fetch(`${setup.url}/probot/import`, {
      method: 'POST',
      body: JSON.stringify({ appId: '12', pem: PEM, webhook_secret: 'made-by-github' }),
    });
    expect(imported.status).toBe(200);
    expect(await stored()).toEqual({ APP_ID: '12', PRIVATE_KEY: PEM, WEBHOOK_SECRET: 'made-by-github' });
  } finally {
    await setup.close();
  }
});

test('the file of credentials is readable by its owner alone and keeps what it held', async () => {
  await writeFile(envFile, 'FLEET_DATA_DIR=/var/lib/flotilla\nNOTE="it\'s here"\n', { mode: 0o644 });
  addToEnvFile(envFile, { APP_ID: '12', PRIVATE_KEY: `"${PEM}"`, WEBHOOK_PROXY_URL: undefined });
  expect((await stat(envFile)).mode & 0o777).toBe(0o600);
  expect(await stored()).toEqual({
    FLEET_DATA_DIR: '/var/lib/flotilla',
    NOTE: "it's here",
    APP_ID: '12',
    PRIVATE_KEY: PEM,
  });
});

test('an app that is already configured is not replaced', async () => {
  addToEnvFile(envFile, { APP_ID: '12' });
  expect(() => addToEnvFile(envFile, { APP_ID: '13' })).toThrow('already names the app 12');
  expect(await stored()).toEqual({ APP_ID: '12' });
});

test('the manifest sends webhooks to the path that the server answers and asks for no more than is used', async () => {
  const manifest: unknown = parse(await readFile('app.yml', 'utf8'));
  expect(manifest).toMatchObject({
    public: false,
    hook_attributes: { url: expect.stringMatching(new RegExp(`^https://.*${WEBHOOK_PATH}$`)) },
    default_permissions: { metadata: 'read', contents: 'write', issues: 'write', pull_requests: 'write' },
    default_events: ['issue_comment', 'repository_dispatch'],
  });
});
