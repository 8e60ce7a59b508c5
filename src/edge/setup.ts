import { randomBytes, randomInt } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { run } from 'probot';
import { addToEnvFile } from './env-file.ts';
import { createBodies } from './read-body.ts';
import { createSetupGuard } from './setup-guard.ts';

export interface SetupOptions {
  port: number;
  /** Where the new app's credentials are written, `.env` as a rule. */
  envFile: string;
  log: Logger;
}

export interface RunningSetup {
  url: string;
  close(): Promise<void>;
}

/** An app's number, key and secret. */
const MAX_SETUP_BYTES = 64 * 1024;
/** The form of Probot's page: where it leads. */
const FORM_ACTION = /(<form action="[^"?]*\/settings\/apps\/new)(")/;

/**
 * Probot's setup page behind a guard of our own: it makes the GitHub App from app.yml and writes its credentials to the
 * .env file. It listens on loopback alone, because whoever reaches it decides which app this server obeys.
 * Restart afterwards. Refused by Probot when NODE_ENV is production.
 */
export async function startSetup({ port, envFile, log }: SetupOptions): Promise<RunningSetup> {
  const inner = await startProbotSetup(envFile, log);
  const guard = createSetupGuard(Date.now, randomBytes);
  const bodies = createBodies(MAX_SETUP_BYTES);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '/', headers } = request;
    const verdict = guard.judge({ method, url, headers });
    if (!verdict.ok) {
      log.warn({ method, path: url.split('?')[0], host: headers.host, origin: headers.origin }, verdict.message);
      return say(response, verdict.status, verdict.message);
    }
    const answered = await bodies.read(request, (body) =>
      fetch(`${inner.url}${verdict.path}`, {
        method,
        headers: { 'x-forwarded-host': verdict.host },
        redirect: 'manual',
        ...(method === 'POST' ? { body: new Uint8Array(body) } : {}),
      }),
    );
    if (typeof answered === 'string') return say(response, 413, 'That is not the form of this page.');
    if (answered.status >= 500) return say(response, 500, 'This failed. The log of the server says why.');
    const type = answered.headers.get('content-type') ?? 'text/plain';
    const location = answered.headers.get('location');
    response.writeHead(answered.status, {
      ...SECURE_HEADERS,
      'content-type': type,
      ...(location === null ? {} : { location }),
    });
    const text = await answered.text();
    response.end(text.replace(FORM_ACTION, (_, action, end) => `${action}?state=${guard.newState()}${end}`));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'the setup page failed');
      if (response.headersSent) response.destroy();
      else say(response, 500, 'This failed. The log of the server says why.');
    });
  });
  return {
    url: await listen(server, port),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await inner.close();
    },
  };
}

/** No other page can show these in a frame and have a person click there. */
const SECURE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'x-frame-options': 'DENY',
};

/**
 * Probot's page listens by itself, without a guard, so it gets an address of loopback that nobody can guess: 40 bits of
 * host and port. Its own lines are left out of the log, since they name that address.
 */
async function startProbotSetup(envFile: string, log: Logger): Promise<RunningSetup> {
  const host = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
  const server = await run(() => {}, {
    env: { HOST: host, PORT: String(await freePort(host)) },
    log: log.child({}, { level: log.isLevelEnabled('warn') ? 'warn' : log.level }),
    updateEnv: (values) => {
      addToEnvFile(envFile, values);
      const fields = { app: values.APP_ID, file: envFile };
      if (values.APP_ID) log.info(fields, 'stored the credentials of this app; stop this process and start it again');
      return values;
    },
    // Otherwise Probot downloads smee-client and opens a public relay at smee.io.
    SmeeClient: { createChannel: async () => undefined },
  });
  return { url: `http://${host}:${server.port}`, close: () => server.stop() };
}

/** Probot takes 0 for its default port. */
async function freePort(host: string): Promise<number> {
  const server = createServer();
  const url = await listen(server, 0, host);
  await new Promise((closed) => server.close(closed));
  return Number(new URL(url).port);
}

function say(response: ServerResponse, status: number, message: string): void {
  response
    .writeHead(status, { ...SECURE_HEADERS, 'content-type': 'text/plain', connection: 'close' })
    .end(`${message}\n`);
}

function listen(server: Server, port: number, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(`http://${host}:${typeof address === 'object' && address !== null ? address.port : port}`);
    });
  });
}
