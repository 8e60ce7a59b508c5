import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
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

/** As a browser sends it: the fetch of Node names neither the host nor the origin that it is told. */
function importApp(url: string, appId: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(`${url}/probot/import`, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sending.once('error', reject);
    sending.end(JSON.stringify({ appId, pem: PEM, webhook_secret: 'made-by-github' }));
  });
}

test('the setup page listens on loopback, shows the manifest of app.yml and stores credentials', async () => {
  const setup = await startSetup({ port: 0, envFile, log: pino({ level: 'silent' }) });
  try {
    expect(new URL(setup.url).hostname).toBe('127.0.0.1');
    const page = await (await fetch(`${setup.url}/probot`)).text();
    expect(page).toMatch(/action="https:\/\/github.com\/settings\/apps\/new\?state=[\w-]{32}"/);
    expect(page).toContain(`"redirect_url":"${setup.url}/probot/setup"`);
    expect(page).toContain('repository_dispatch');
    expect((await fetch(`${setup.url}/probot/import`)).status).toBe(200);
    expect(await importApp(setup.url, '12', { origin: setup.url })).toBe(200);
    expect(await stored()).toEqual({ APP_ID: '12', PRIVATE_KEY: PEM, WEBHOOK_SECRET: 'made-by-github' });
  } finally {
    await setup.close();
  }
});

test('other pages of the browser cannot have credentials stored, and nobody replaces them', async () => {
  const setup = await startSetup({ port: 0, envFile, log: pino({ level: 'silent' }) });
  try {
    const evil = 'https://evil.example';
    expect(await importApp(setup.url, '666', { origin: evil, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await importApp(setup.url, '666', { host: 'evil.example', origin: 'http://evil.example' })).toBe(421);
    const back = await fetch(`${setup.url}/probot/setup?code=of-the-app-of-somebody-else`);
    expect([back.status, await back.text()]).toEqual([403, expect.stringContaining('Open /probot and begin again')]);
    await expect(stat(envFile)).rejects.toThrow('ENOENT');

    expect(await importApp(setup.url, '12', { origin: setup.url })).toBe(200);
    expect(await importApp(setup.url, '13', { origin: setup.url })).toBe(500);
    expect(await stored()).toMatchObject({ APP_ID: '12' });
  } finally {
    await setup.close();
  }
});

test("the address of Probot's own, unguarded page is not logged", async () => {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
  const setup = await startSetup({ port: 0, envFile, log });
  try {
    await importApp(setup.url, '12', { origin: setup.url });
    expect(lines.join('')).toContain('stored the credentials of this app');
    expect(
      lines
        .join('')
        .match(/127\.\d+\.\d+\.\d+/g)
        ?.filter((address) => address !== '127.0.0.1') ?? [],
    ).toEqual([]);
  } finally {
    await setup.close();
  }
});

test('a page in a frame of another page is not shown', async () => {
  const setup = await startSetup({ port: 0, envFile, log: pino({ level: 'silent' }) });
  try {
    const { headers } = await fetch(`${setup.url}/probot`);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
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
    default_events: ['issue_comment', 'repository_dispatch', 'issues'],
  });
});
