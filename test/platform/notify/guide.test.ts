import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createNotifier } from '../../../src/platform/notify/create-notifier.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../docs/guides/notifications.md'), 'utf8');
const SECRET = 'a secret of this test';
const BODY = '{"text":"⏸️ it waits"}';

/** The guide's only block in this language. */
function block(language: string): string {
  const found = [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))];
  if (found.length !== 1 || found[0]?.[1] === undefined) throw new Error(`${found.length} blocks in ${language}`);
  return found[0][1];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function untilListening(port: number): Promise<void> {
  for (;;) {
    const reached = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '' }).catch(() => undefined);
    if (reached !== undefined) return;
  }
}

it("the guide's receiver in Node takes what the server signed, and nothing else", async () => {
  const port = await freePort();
  const child = spawn(process.execPath, ['--input-type=module', '-e', block('js')], {
    env: { NOTIFY_SECRET: SECRET, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await untilListening(port);
  const send = (secret: string | null) => {
    const hosts = [`127.0.0.1:${port}`];
    const notifier = createNotifier({ hosts, secret, webhook: null, userAgent: 'flotilla/test' });
    const to = { kind: 'url', url: `http://127.0.0.1:${port}/fleets` } as const;
    const notification = { id: 'n-1', event: 'fleet.waiting', body: BODY };
    return notifier.send(to, notification, new AbortController().signal);
  };
  expect(await send('another')).toMatchObject({ result: 'refused' });
  expect(await send(null)).toMatchObject({ result: 'refused' });
  expect(await send(SECRET)).toEqual({ result: 'delivered', status: 204 });
  if (said === '') await once(child.stdout, 'data');
  expect(said).toBe('⏸️ it waits\n');
});

const noOpenssl = spawnSync('sh', ['-c', 'command -v openssl']).status !== 0;

it.skipIf(noOpenssl)("the guide's line for the shell prints the signature that is sent", async () => {
  const received = Promise.withResolvers<string>();
  const server = createServer((socket) => {
    socket.setEncoding('utf8').once('data', (text: string) => {
      received.resolve(/^x-flotilla-signature-256: (\S+)/im.exec(text)?.[1] ?? '');
      socket.end('HTTP/1.1 204 No Content\r\n\r\n');
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const notifier = createNotifier({ hosts: [host], secret: SECRET, webhook: null, userAgent: 'flotilla/test' });
  const notification = { id: 'n-1', event: 'fleet.waiting', body: BODY };
  await notifier.send({ kind: 'url', url: `http://${host}/` }, notification, new AbortController().signal);
  const line = block('sh').replace('< body.json', '');
  const { stdout } = spawnSync('sh', ['-c', line], { input: BODY, env: { ...pathOnly(), NOTIFY_SECRET: SECRET } });
  expect(stdout.toString().trim()).toBe(await received.promise);
});

const pathOnly = () => ({ PATH: '/usr/local/bin:/usr/bin:/bin' });
