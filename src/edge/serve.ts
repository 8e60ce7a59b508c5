import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { type ApplicationFunction, Probot } from 'probot';
import { MAX_BODY_BYTES, readBody } from './read-body.ts';

/** What `hook_attributes.url` in app.yml ends in. */
export const WEBHOOK_PATH = '/api/github/webhooks';

/** GitHub itself gives up on an answer after 10 s. */
const CLOSE_WITHIN_MS = 10_000;

export interface ServeOptions {
  host: string;
  /** 0: any free one. */
  port: number;
  appId: number;
  privateKey: string;
  webhookSecret: string;
  apiUrl: string;
  log: Logger;
  app: ApplicationFunction;
}

export interface Served {
  /** `http://127.0.0.1:3000` */
  url: string;
  /** Takes no more requests and ends once the running ones are answered. */
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/**
 * Probot behind a server of our own, because Probot's reads bodies of any size before it looks at the signature,
 * logs refused bodies whole, and does not wait for running handlers when it stops.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const log = options.log.child({}, { serializers: { err: briefError, error: briefError } });
  const probot = new Probot({
    appId: options.appId,
    privateKey: options.privateKey,
    secret: options.webhookSecret,
    baseUrl: options.apiUrl,
    log,
  });
  await probot.ready();
  const handlers: Handler[] = [];
  await probot.load(options.app, { cwd: '.', addHandler: (handler) => handlers.push(handler) });
  const webhooks = await probot.getNodeMiddleware({ path: WEBHOOK_PATH });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const handler of handlers) if ((await handler(request, response)) === true) return;
    if (request.method === 'POST' && pathOf(request) === WEBHOOK_PATH) {
      const body = await readBody(request, MAX_BODY_BYTES);
      if (body === undefined) return refuse(response, 413, 'The body is larger than 25 MB.');
      const text = body.toString('utf8');
      if (!(await isSigned(probot, request, text))) {
        log.warn({ delivery: request.headers['x-github-delivery'] }, 'refused a delivery with a wrong signature');
        return refuse(response, 401, 'The signature does not fit the body.');
      }
      // The middleware takes a body that was read before it.
      Object.assign(request, { body: text });
    }
    if (!(await webhooks(request, response))) refuse(response, 404, 'There is nothing here.');
  }

  const server = createServer((request, response) => {
    // A connection kept alive would hold up the close for as long as its client likes.
    response.once('close', () => setImmediate(() => server.listening || server.closeIdleConnections()));
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'could not answer a request');
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'Flotilla failed; its log says why.');
    });
  });
  server.requestTimeout = 30_000;
  return { url: await listen(server, options), close: () => close(server) };
}

/** A delivery without the three headers is left to the middleware, which answers 400 and names them. */
async function isSigned(probot: Probot, request: IncomingMessage, text: string): Promise<boolean> {
  const signature = request.headers['x-hub-signature-256'];
  if (typeof signature !== 'string') return true;
  return probot.webhooks.verify(text, signature).catch(() => false);
}

const pathOf = (request: IncomingMessage): string | undefined => request.url?.split('?')[0];

function refuse(response: ServerResponse, status: number, message: string): void {
  // What was not read of the body would be taken for the next request.
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ error: message }));
}

/** Without the event that Octokit hangs on its errors: it holds the whole payload. */
function briefError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const inner = error instanceof AggregateError ? error.errors.map((one: unknown) => String(one)) : [];
  return { type: error.name, message: error.message, stack: error.stack, inner };
}

function listen(server: Server, { host, port }: ServeOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
    server.close((error) => {
      clearTimeout(cut);
      if (error === undefined) resolve();
      else reject(error);
    });
    server.closeIdleConnections();
  });
}
