import { beforeAll, describe, expect, it } from 'vitest';
import { redact } from '../../../src/core/render/redact.ts';
import { createSecretScan } from '../../../src/platform/secrets/create-secret-scan.ts';
import type { FoundSecret } from '../../../src/ports/secrets.ts';

const MEBIBYTE = 1024 * 1024;
const scan = createSecretScan();

const find = async (content: string | Uint8Array, path = 'src/a.ts') =>
  (await scan.find([{ path, content: Buffer.from(content) }])).map(({ line, kind }) => `${line}: ${kind}`);

// Put together here, so that this file holds nothing that looks like a secret.
const body = (length: number): string => 'aB3dE5gH7j'.repeat(Math.ceil(length / 10)).slice(0, length);
const gitlab = `glpat-${body(20)}`;

const SECRETS = [
  ['a GitLab Personal Access Token', gitlab, 'a.ts'],
  ['a Slack token', `xoxb-${body(12)}-${body(12)}`, 'a.ts'],
  ['a GitHub token', `ghs_${body(300)}`, 'a.ts'],
  ['an npm access token', `npm_${body(36)}`, 'a.ts'],
  ['an npmrc authToken', `//registry/:_authToken=${body(36)}`, '.npmrc'],
  ['a basic auth credential', `https://deployer:${body(12)}@host.example.com/`, 'a.ts'],
  ['a PostgreSQL connection string', `postgres://deployer:${body(12)}@db.internal/app`, 'a.ts'],
  ['an AWS Secret Access Key', `AWS_SECRET_ACCESS_KEY=${body(40)}`, '.env'],
  ['a Stripe Live Secret Key', `sk_live_${body(24)}`, 'a.ts'],
  ['a private key', `-----BEGIN EC ${'PRIVATE'} KEY-----\nMHcCAQEE${body(56)}\n`, 'key.pem'],
] as const;

// Each beginning is tried over a thousand characters, and no rule can tell before.
const RUN = `${'ghs_1_'.repeat(150)}.${'a'.repeat(10_000)}`;
const SLOW = RUN.repeat(Math.ceil((5 * MEBIBYTE) / RUN.length));

describe('the search for secrets', () => {
  let found: FoundSecret[];
  beforeAll(async () => {
    const texts = SECRETS.map(([, value, path], at) => ({ path: `${at}/${path}`, value }));
    found = await scan.find(
      texts.map(({ path, value }) => ({ path, content: Buffer.from(`first\nthen "${value}"\n`) })),
    );
  });

  it.each(SECRETS)('finds %s, with its line and no more of the value than it needs', (kind, value, path) => {
    const here = found.filter((one) => one.path.endsWith(`/${path}`) && one.kind === kind);
    expect(here.map(({ line }) => line)).toEqual([2]);
    expect(`"${value}"`).toContain(here[0]?.value);
  });

  it.each(SECRETS)('finds nothing that is not hidden where it is shown, such as %s', (_, value) => {
    expect(redact(`"${value}"`)).not.toContain(body(10));
  });

  it('takes no word of a file for it', async () => {
    const words = ['secretlint-disable', 'secretlint-disable-line', 'secretlint-disable-next-line'];
    const content = `// ${words[0]}\n/* ${words[2]} */\nconst a = "${gitlab}"; // ${words[1]}\n`;
    expect(await find(content)).toEqual(['3: a GitLab Personal Access Token']);
  });

  it('reads binary files and other encodings', async () => {
    expect(await find(Buffer.concat([Buffer.from([0xff, 0, 0x80, 10]), Buffer.from(gitlab)]))).toHaveLength(1);
    expect(await find(Buffer.from(`\ufeffa\n${gitlab}`, 'utf16le'))).toHaveLength(1);
    expect(await find(`\ufeffa\n${gitlab}`)).toEqual(['2: a GitLab Personal Access Token']);
  });

  it('opens no file of this machine, whatever the name', async () => {
    expect(await find('{"private_key_id": "1"}', '/etc/passwd.p12')).toEqual([]);
  });

  it('finds nothing where nothing is', async () => {
    expect(await scan.find([])).toEqual([]);
    expect(await find(`const token = process.env.TOKEN; // ${'word '.repeat(1000)}`)).toEqual([]);
    expect(await find('')).toEqual([]);
  });

  it('ends when it takes too long, and when the task ends', async () => {
    const texts = [{ path: 'a', content: Buffer.from(SLOW) }];
    await expect(createSecretScan({ timeoutMs: 300 }).find(texts)).rejects.toMatchObject({ category: 'too_large' });
    const stop = new AbortController();
    const ended = scan.find(texts, { signal: stop.signal });
    stop.abort();
    await expect(ended).rejects.toMatchObject({ category: 'cancelled' });
  });

  it('goes on with the next change after one that it was ended for', async () => {
    const own = createSecretScan({ timeoutMs: 5_000 });
    const stop = new AbortController();
    const texts = [{ path: 'a.ts', content: Buffer.from(gitlab) }];
    const all = [own.find(texts), own.find(texts, { signal: stop.signal }), own.find(texts), own.find(texts)];
    stop.abort();
    const ended = await Promise.allSettled(all);
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect((await own.find(texts)).map(({ value }) => value)).toEqual([gitlab]);
    const warned: string[] = [];
    const onWarning = ({ message }: Error): void => void warned.push(message);
    process.on('warning', onWarning);
    for (let change = 0; change < 20; change += 1) {
      expect((await own.find([{ path: 'b.ts', content: Buffer.from('nothing') }])).length).toBe(0);
    }
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(warned, 'listeners of changes before').toEqual([]);
  });

  it('holds nothing of the changes before', async () => {
    const own = createSecretScan({ memoryMib: 32 });
    const texts = [{ path: 'b.ts', content: Buffer.from('nothing') }];
    for (let change = 0; change < 2_000; change += 1) await own.find(texts);
  });

  it('refuses what needs more memory than it may have', async () => {
    const tokens = Array.from({ length: 200_000 }, (_, at) => `glpat-${String(at).padStart(20, 'a')}`);
    const content = Buffer.from(tokens.join('\n'));
    const small = createSecretScan({ memoryMib: 16 }).find([{ path: 'a', content }]);
    await expect(small).rejects.toMatchObject({ category: 'too_large' });
  });
});

it('searches five mebibytes of anything within the time that a task has', async () => {
  const parts = [
    'function a(b){return b.c("d",e)};',
    'import { createSecretScan } from "../somewhere/else.ts";\n',
    'aB3dE5gH7j',
    'ghp_ ',
    'https://a:b@',
    '"SECRET_ACCESS_KEY" : "',
  ];
  const texts = parts.map((part) => ({ path: part, content: Buffer.from(part.repeat((5 * MEBIBYTE) / part.length)) }));
  expect(await scan.find(texts)).toEqual([]);
});
