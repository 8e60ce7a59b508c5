import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { pickEnvironment, readConfig } from '../src/config.ts';

const pem = (type: 'rsa' | 'ec') =>
  type === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
    : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const KEY = pem('rsa');
const SECRET = 'a-long-webhook-secret';
const RUN = { APP_ID: '12', PRIVATE_KEY: KEY, WEBHOOK_SECRET: SECRET };

const noFile = (path: string): string => {
  throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
};
const read = (env: Record<string, string>) => readConfig(env, noFile);

/** `VARIABLE problem` of every fault. */
function faultsOf(env: Record<string, string>): string[] {
  const config = read(env);
  return config.mode === 'faults' ? config.faults.map(({ variable, problem }) => `${variable} ${problem}`) : [];
}

test('nothing configured is setup', () => {
  expect(read({})).toEqual({ mode: 'setup', port: 3000, logLevel: 'info' });
  expect(read({ PORT: '4000', WEBHOOK_SECRET: SECRET, APP_ID: ' ' })).toMatchObject({ mode: 'setup', port: 4000 });
});

test('the defaults are loopback, port 3000, ./data, sandboxed and github.com', () => {
  expect(read(RUN)).toEqual({
    mode: 'run',
    appId: 12,
    privateKey: KEY,
    keyFile: null,
    webhookSecret: SECRET,
    apiUrl: 'https://api.github.com',
    webUrl: 'https://github.com',
    client: null,
    host: '127.0.0.1',
    port: 3000,
    logLevel: 'info',
    dataDir: './data',
    settingsFile: null,
    childPath: '/usr/local/bin:/usr/bin:/bin',
  });
});

test('every variable is read', () => {
  const config = read({
    ...RUN,
    GHE_HOST: 'localhost:8888',
    GHE_PROTOCOL: 'http',
    HOST: '0.0.0.0',
    PORT: '0',
    LOG_LEVEL: 'DEBUG',
    FLEET_DATA_DIR: '/var/lib/flotilla',
    FLEET_SETTINGS: '/etc/flotilla.yml',
    PATH: '/opt/bin:/bin',
  });
  expect(config).toMatchObject({
    apiUrl: 'http://localhost:8888/api/v3',
    webUrl: 'http://localhost:8888',
    host: '0.0.0.0',
    port: 0,
    logLevel: 'debug',
    dataDir: '/var/lib/flotilla',
    settingsFile: '/etc/flotilla.yml',
    childPath: '/opt/bin:/bin',
  });
});

test.each([
  ['the text', KEY],
  ['one line with \\n', KEY.replaceAll('\n', '\\n')],
  ['one line in quotes', `"${KEY.replaceAll('\n', '\\n')}"`],
  ['base64', Buffer.from(KEY).toString('base64')],
])('the private key may be given as %s', (_, value) => {
  expect(read({ ...RUN, PRIVATE_KEY: value })).toMatchObject({ mode: 'run', privateKey: KEY });
});

test('the private key may be a file', () => {
  const env = { APP_ID: '12', PRIVATE_KEY_PATH: 'app.pem', WEBHOOK_SECRET: SECRET };
  expect(readConfig(env, (path) => (path === 'app.pem' ? KEY : noFile(path)))).toMatchObject({ privateKey: KEY });
});

test.each([
  ['no webhook secret', { WEBHOOK_SECRET: '' }, 'WEBHOOK_SECRET is missing: anybody could sign deliveries'],
  ["Probot's default secret", { WEBHOOK_SECRET: 'development' }, "WEBHOOK_SECRET is Probot's publicly known default"],
  [
    'the variable of a sandbox that was not there',
    { FLEET_UNSANDBOXED: '1' },
    'FLEET_UNSANDBOXED is not read any more',
  ],
  ['an app id that is no number', { APP_ID: 'Iv1.abc' }, 'APP_ID is not a number'],
  ['no app id', { APP_ID: '' }, 'APP_ID is missing'],
  ['a key of another kind', { PRIVATE_KEY: pem('ec') }, 'PRIVATE_KEY holds no RSA private key in PEM form'],
  ['no key', { PRIVATE_KEY: '' }, 'PRIVATE_KEY is missing'],
  [
    'a missing key file',
    { PRIVATE_KEY: '', PRIVATE_KEY_PATH: 'gone.pem' },
    'PRIVATE_KEY_PATH names a file that cannot be read (ENOENT)',
  ],
  ['a host with a scheme', { GHE_HOST: 'https://ghe.acme.test' }, 'GHE_HOST is not a host name'],
  ['another protocol', { GHE_PROTOCOL: 'ssh' }, 'GHE_PROTOCOL is neither https nor http'],
  [
    'http to another machine',
    { GHE_HOST: 'ghe.acme.test', GHE_PROTOCOL: 'http' },
    'GHE_PROTOCOL is http to another machine: tokens and the private key would cross the network readable',
  ],
  ['a port out of range', { PORT: '70000' }, 'PORT is not a port number'],
  ['an unknown log level', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL is no log level'],
])('%s is a fault', (_, change, fault) => {
  expect(faultsOf({ ...RUN, ...change })).toEqual([fault]);
});

test('all faults are told at once, each with a remedy and none with a value', () => {
  const env = { APP_ID: 'x', PRIVATE_KEY: 'not-a-key-but-private', PORT: 'p', LOG_LEVEL: 'l', WEBHOOK_SECRET: '' };
  const config = read(env);
  expect(faultsOf(env)).toHaveLength(5);
  expect(config.mode === 'faults' && config.faults.every(({ remedy }) => remedy.length > 0)).toBe(true);
  expect(JSON.stringify(config)).not.toContain('not-a-key-but-private');
});

test.each(['localhost', '127.0.0.1:8888', '[::1]:8888'])('http to %s is fine', (host) => {
  expect(read({ ...RUN, GHE_HOST: host, GHE_PROTOCOL: 'http' })).toMatchObject({ webUrl: `http://${host}` });
});

test('http to another machine is a fault in setup too, where the private key comes back', () => {
  expect(faultsOf({ GHE_HOST: '127.0.0.1.acme.test', GHE_PROTOCOL: 'http' })).toHaveLength(1);
});

test('a faulty port is told in setup too', () => {
  expect(faultsOf({ PORT: 'x' })).toEqual(['PORT is not a port number']);
});

test("an agent's variables are picked by name, unset ones left out", () => {
  expect(pickEnvironment(['A', 'B'], { A: '1', C: '3' })).toEqual({ A: '1' });
});
