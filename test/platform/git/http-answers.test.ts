import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { expect, it } from 'vitest';
import { type HttpAnswer, readHttpAnswers } from '../../../src/platform/git/http-answers.ts';

const line = (text: string) => `09:35:57.659752 http.c:684              ${text}\n`;
const received = (...headers: string[]) => headers.map((header) => line(`<= Recv header: ${header}`)).join('');

async function read(...chunks: string[]): Promise<HttpAnswer | null> {
  const trace = new PassThrough();
  const answers = readHttpAnswers(trace);
  for (const chunk of chunks) trace.write(chunk);
  trace.end();
  await finished(trace);
  return answers.last();
}

it("reads the last answer's status and what it says of limits, by HTTP/1.1 and by HTTP/2", async () => {
  const first = received('HTTP/1.1 200 OK', 'Content-Type: text/plain', 'Retry-After: 7', '');
  expect(await read(first)).toEqual({ status: 200, headers: { 'retry-after': '7' } });
  const second = received('HTTP/2 403', 'x-ratelimit-remaining: 0', 'x-ratelimit-reset: 1777885320', '');
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1777885320' };
  expect(await read(first + second)).toEqual({ status: 403, headers });
});

it('reads a line that comes in pieces, and a trace that names no place in the source', async () => {
  const text = received('HTTP/1.1 429 Too Many Requests', 'retry-after: 120').replaceAll(
    'http.c:684              ',
    '',
  );
  for (let at = 0; at < text.length; at += 1) {
    const answer = await read(text.slice(0, at), text.slice(at));
    expect(answer, `cut at ${at}`).toEqual({ status: 429, headers: { 'retry-after': '120' } });
  }
});

it('has no answer where none came', async () => {
  expect(await read(line("== Info: Couldn't connect to server"))).toBeNull();
  expect(await read('')).toBeNull();
});

it('takes nothing from what git sent or curl remarks', async () => {
  const foreign = ['=> Send header: HTTP/1.1 429', '== Info: <= Recv header: HTTP/1.1 429', '<= Recv data: HTTP/2 429'];
  expect(await read(foreign.map(line).join(''))).toBeNull();
});

it.each([
  ['HTTP/1.1', '=> Send header: Authorization: Basic c2VjcmV0'],
  ['HTTP/2 by curl 7', '== Info: h2h3 [authorization: Basic c2VjcmV0]'],
  ['HTTP/2 by curl 8.1', '== Info: h2 [authorization: Basic c2VjcmV0]'],
  ['HTTP/2 by curl 8.3', '== Info: [HTTP/2] [1] [authorization: Basic c2VjcmV0]'],
  ['a header of the answer', '<= Recv header: set-cookie: c2VjcmV0'],
])('keeps no token that git did not know to redact: %s', async (_, sent) => {
  const answer = await read(line(sent), received('HTTP/2 429', 'retry-after: 120'), line(sent));
  expect(answer).toEqual({ status: 429, headers: { 'retry-after': '120' } });
});

it('keeps little of a line without an end, and goes on behind it', async () => {
  const endless = line('== Info: ').trimEnd() + 'x'.repeat(10_000);
  const chunks = Array.from({ length: 100 }, () => endless);
  const answer = await read(received('HTTP/2 429', `retry-after: ${'9'.repeat(10_000)}`), ...chunks, '\n');
  expect(answer?.status).toBe(429);
  expect(JSON.stringify(answer).length).toBeLessThan(1_100);
  expect(await read(...chunks, '\n', received('HTTP/2 200'))).toEqual({ status: 200, headers: {} });
});
