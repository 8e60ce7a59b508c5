import { createServer, type RequestListener, type Server } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { createSigningKeys } from '../../../../src/platform/github/callers/signing-keys.ts';
import { GitHubError } from '../../../../src/ports/github-reads.ts';

let server: Server | undefined;
let key: CryptoKey;
let jwk: JWK;
beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  key = pair.privateKey;
  jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** An issuer's address that answers so, and how often it was asked. */
async function issuer(answer: RequestListener): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}/issuer`, asked };
}

const token = (kid = 'one') => new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid }).sign(key);
const keysAnswer: RequestListener = (_request, response) => response.end(JSON.stringify({ keys: [jwk] }));

test('keys are fetched once for many tokens, and not again for each name that somebody makes up', async () => {
  const { url, asked } = await issuer(keysAnswer);
  const keys = createSigningKeys(url);
  await Promise.all(Array.from({ length: 10 }, async () => jwtVerify(await token(), keys)));
  for (let number = 0; number < 10; number += 1) {
    await expect(jwtVerify(await token(`made-up-${number}`), keys)).rejects.toThrow('no applicable key');
  }
  expect(asked).toEqual(['/issuer/.well-known/jwks']);
});

test.each<[string, RequestListener]>([
  ['an error', (_request, response) => void response.writeHead(500).end()],
  ['a redirect', (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['no JSON', (_request, response) => response.end('<html>')],
  [
    'more than keys are',
    (_request, response) => response.end(JSON.stringify({ keys: [jwk], more: 'x'.repeat(300_000) })),
  ],
  ['nothing', (request) => request.socket.destroy()],
])('where the issuer answers with %s, GitHub counts as unavailable and nobody is taken', async (_, answer) => {
  const { url } = await issuer(answer);
  const refused = jwtVerify(await token(), createSigningKeys(url));
  await expect(refused).rejects.toThrow(GitHubError);
  await expect(refused).rejects.toMatchObject({ kind: 'unknown' });
});
