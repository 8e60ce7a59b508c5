import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { type ApplicationFunction, Probot } from 'probot';
import type { Instruments } from '../ports/metrics.ts';
import type { Api } from './api/create-api.ts';
import { API_PATH } from './api/register.ts';
import { type AnsweredMetrics, answerMetrics } from './metrics/answer-metrics.ts';
import { createBodies } from './read-body.ts';
import { readWebhookHead } from './webhook-head.ts';

/** What `hook_attributes.url` in app.yml ends in. */
export const WEBHOOK_PATH = '/api/github/webhooks';

/** GitHub itself gives up on an answer after 10 s. */
const GITHUB_WAITS_MS = 10_000;
const LOOK_FOR_SLOW_MS = 1_000;

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
  api: Api;
  /** On this port, with a token; null: not here. */
  metrics?: Pick<AnsweredMetrics, 'metrics' | 'token'> | null | undefined;
  /** Default: nobody counts. */
  instruments?: Pick<Instruments, 'webhookAnswered'> | undefined;
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

  const bodies = createBodies();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const handler of handlers) if ((await handler(request, response)) === true) return;
    if (pathOf(request)?.startsWith(`${API_PATH}/`)) return options.api.answer(request, response);
    if (options.metrics && (await answerMetrics({ ...options.metrics, log }, request, response))) return;
    if (request.method === 'POST' && pathOf(request) === WEBHOOK_PATH) {
      countAnswer(options.instruments, request, response);
      return receive(request, response);
    }
    refuse(response, 404, 'There is nothing here.');
  }

  /** Nothing is read before the headers are in order: whoever finds the address can send, and bodies cost memory. */
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const head = readWebhookHead(request.headers);
    if (head.kind === 'refused') return refuse(response, head.status, head.message);
    if (head.kind === 'unused') {
      // Read to its end, without keeping it: a connection that is closed before that can swallow the answer.
      request.resume();
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"ignored":true}');
      return;
    }
    const read = await bodies.read(request, async (body) => {
      const text = body.toString('utf8');
      // The middleware takes a body that was read before it.
      Object.assign(request, { body: text });
      return (await probot.webhooks.verify(text, head.signature).catch(() => false)) ? 'signed' : 'unsigned';
    });
    switch (read) {
      case 'signed':
        if (!(await webhooks(request, response))) refuse(response, 404, 'There is nothing here.');
        return;
      case 'unsigned':
        log.warn({ delivery: request.headers['x-github-delivery'] }, 'refused a delivery with a wrong signature');
        return refuse(response, 401, 'The signature does not fit the body.');
      case 'too_large':
        return refuse(response, 413, 'The body is larger than any that is used here.');
      case 'busy':
        log.warn({ delivery: request.headers['x-github-delivery'] }, 'refused a delivery: too many come at once');
        return refuse(response, 503, 'Too many deliveries come at once.');
      case 'cut':
        response.destroy();
    }
  }

  const server = createServer({ connectionsCheckingInterval: LOOK_FOR_SLOW_MS }, (request, response) => {
    // A connection kept alive would hold up the close for as long as its client likes.
    response.once('close', () => setImmediate(() => server.listening || server.closeIdleConnections()));
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'could not answer a request');
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'Flotilla failed; its log says why.');
    });
  });
  server.requestTimeout = GITHUB_WAITS_MS;
  return {
    url: await listen(server, options),
    close: () => Promise.all([options.api.close(), close(server)]).then(() => undefined),
  };
}

const pathOf = (request: IncomingMessage): string | undefined => request.url?.split('?')[0];

/** A connection that ends before its answer counts too, as such. */
function countAnswer(instruments: ServeOptions['instruments'], request: IncomingMessage, response: ServerResponse) {
  const startedAt = performance.now();
  response.once('close', () => {
    const event = String(request.headers['x-github-event'] ?? '');
    const status = response.writableFinished ? response.statusCode : 0;
    instruments?.webhookAnswered({ event, status, durationMs: performance.now() - startedAt });
  });
}

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
    const cut = setTimeout(() => server.closeAllConnections(), GITHUB_WAITS_MS);
    server.close((error) => {
      clearTimeout(cut);
      if (error === undefined) resolve();
      else reject(error);
    });
    server.closeIdleConnections();
  });
}
