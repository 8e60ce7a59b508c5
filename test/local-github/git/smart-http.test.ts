import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { gitEnvironment } from '../../../src/local-github/git/run-git.ts';
import { type Service, serveSmartHttp } from '../../../src/local-github/git/smart-http.ts';
import { git, givenFolder, givenRepository } from '../../rehearse/given-folder.ts';

interface Asked {
  service?: Service;
  protocol?: string;
  /** Absent: the refs are asked for. */
  body?: Buffer;
  type?: string;
  encoding?: string;
}

const LIST_REFS = Buffer.from('0014command=ls-refs\n0001000aunborn\n0000');

/** A repository whose one file is too large for one answer's first piece. */
function given(): { directory: string; head: string } {
  const path = givenRepository(join(givenFolder(), 'api'));
  writeFileSync(join(path, 'large.bin'), randomBytes(3_000_000));
  git(path, 'add', 'large.bin');
  git(path, 'commit', '--quiet', '--message=Large');
  return { directory: join(path, '.git'), head: git(path, 'rev-parse', 'HEAD').trim() };
}

function headersOf({ service = 'git-upload-pack', protocol, body, type, encoding }: Asked): Record<string, string> {
  return {
    ...(protocol === undefined ? {} : { 'git-protocol': protocol }),
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    ...(body === undefined ? {} : { 'content-type': type ?? `application/x-${service}-request` }),
  };
}

const ask = (directory: string, asked: Asked, body?: Readable) =>
  serveSmartHttp({
    service: asked.service ?? 'git-upload-pack',
    gitDirectory: directory,
    body: body ?? (asked.body === undefined ? null : Readable.from([asked.body])),
    headers: headersOf(asked),
    env: {},
    log: () => undefined,
  });

async function ours(directory: string, asked: Asked) {
  const { status, headers, body } = await ask(directory, asked);
  return { status, headers, body: (await buffer(body)).toString('latin1') };
}

/** What `git http-backend` answers. */
async function theirs(directory: string, asked: Asked) {
  const service = asked.service ?? 'git-upload-pack';
  const headers = headersOf(asked);
  const child = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment,
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: 'octocat',
      PATH_TRANSLATED: join(directory, asked.body === undefined ? 'info/refs' : service),
      REQUEST_METHOD: asked.body === undefined ? 'GET' : 'POST',
      QUERY_STRING: asked.body === undefined ? `service=${service}` : '',
      CONTENT_TYPE: headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      GIT_PROTOCOL: headers['git-protocol'] ?? '',
    },
  });
  // It refuses some requests without reading them, which closes the pipe that still holds their body.
  child.stdin.on('error', () => undefined);
  child.stdin.end(asked.body);
  const output = await buffer(child.stdout);
  const end = output.indexOf('\r\n\r\n');
  const lines = output.toString('latin1', 0, end).split('\r\n');
  const fields = lines.map((line) => [line.split(': ')[0]?.toLowerCase() ?? '', line.split(': ')[1] ?? '']);
  const { status = '200', ...rest } = Object.fromEntries(fields);
  return { status: Number.parseInt(status, 10), headers: rest, body: output.toString('latin1', end + 4) };
}

test('refs, packs and refusals are those of git http-backend, byte for byte', async () => {
  const { directory, head } = given();
  const pack = Buffer.from(`0032want ${head}\n00000009done\n`);
  const requests: Asked[] = [
    {},
    { service: 'git-receive-pack' },
    { protocol: 'version=1' },
    { protocol: 'version=2' },
    { service: 'git-receive-pack', protocol: 'agent=x:version=2' },
    { protocol: 'version=22' },
    { body: LIST_REFS, protocol: 'version=2' },
    { body: gzipSync(LIST_REFS), protocol: 'version=2', encoding: 'gzip' },
    { body: pack },
    { body: Buffer.from(`0032want ${'1'.repeat(40)}\n00000009done\n`) },
    { service: 'git-receive-pack', body: Buffer.from('0000') },
    { body: LIST_REFS, type: 'text/plain' },
    { body: LIST_REFS, type: 'application/x-git-receive-pack-request' },
  ];
  for (const asked of requests) {
    expect(await ours(directory, asked), JSON.stringify(asked)).toEqual(await theirs(directory, asked));
  }
  expect((await ours(directory, { body: pack })).body.length).toBeGreaterThan(3_000_000);
});

test('a request that breaks off, or cannot be unpacked, ends its answer', async () => {
  const { directory } = given();
  const cut = new PassThrough();
  cut.write(LIST_REFS.subarray(0, 20));
  const answer = await ask(directory, { body: LIST_REFS }, cut);
  cut.destroy();
  await expect(buffer(answer.body)).resolves.toBeInstanceOf(Buffer);
  const gone = new PassThrough();
  gone.write(LIST_REFS.subarray(0, 20));
  gone.destroy();
  const unread = await ask(directory, { body: LIST_REFS }, gone);
  await expect(buffer(unread.body), 'broken off before git was started').resolves.toBeInstanceOf(Buffer);
  const garbled = { body: Buffer.from('no gzip'), encoding: 'gzip', protocol: 'version=2' };
  expect(await ours(directory, garbled)).toMatchObject({ status: 200, body: '' });
});

test('git ends when nobody reads its answer any more', async () => {
  const { directory, head } = given();
  const { body, stop } = await ask(directory, { body: Buffer.from(`0032want ${head}\n00000009done\n`) });
  let received = 0;
  for await (const chunk of body) {
    if (received === 0) stop();
    received += Buffer.byteLength(chunk);
  }
  expect(received).toBeLessThan(2_000_000);
});
