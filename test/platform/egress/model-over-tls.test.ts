import { createServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { givenEgress, KEY, request, say } from './given-egress.ts';
import { selfSigned } from './self-signed.ts';

const { key, cert } = selfSigned('here.test');

async function givenModel() {
  const keys: unknown[] = [];
  const server = createServer({ key, cert }, ({ headers }, response) => {
    keys.push([headers['x-api-key'], headers.host]);
    response.end('answer');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { port: typeof address === 'object' ? address?.port : 0, keys };
}

function trust(certificate: string): void {
  const usual = getCACertificates('default');
  setDefaultCACertificates([...usual, certificate]);
  onTestFinished(() => setDefaultCACertificates(usual));
}

const ask = async (url: string) => {
  const { socket } = await givenEgress({ modelApi: { url, header: 'x-api-key', value: KEY } });
  return say(socket, request('GET /models HTTP/1.1'));
};

it('a model with the certificate of its name gets the key', async () => {
  trust(cert);
  const { port, keys } = await givenModel();
  expect(await ask(`https://here.test:${port}/v1`)).toMatch(/^HTTP\/1\.1 200 .*answer$/s);
  expect(keys).toEqual([[KEY, `here.test:${port}`]]);
});

it('one with a certificate of another name, or of nobody, does not', async () => {
  const { port, keys } = await givenModel();
  expect(await ask(`https://here.test:${port}/v1`)).toMatch(/^HTTP\/1\.1 502 .*DEPTH_ZERO_SELF_SIGNED_CERT/s);
  trust(cert);
  for (const host of ['localhost', '127.0.0.1']) {
    expect(await ask(`https://${host}:${port}/v1`)).toMatch(/^HTTP\/1\.1 502 .*ERR_TLS_CERT_ALTNAME_INVALID/s);
  }
  expect(keys).toEqual([]);
});
