import { createHmac } from 'node:crypto';
import { request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import { readTarget } from '../../core/network/target.ts';
import { WEBHOOK_PORTS } from '../../core/settings/webhook-problem.ts';
import type { Notification, NotificationAnswer, Notifier } from '../../ports/notifier.ts';
import { addressKind } from '../egress/address-kind.ts';
import { createAllowList } from '../egress/allow-list.ts';
import { createConnections } from '../egress/connection.ts';
import { type Destination, type Lookup, resolve, systemLookup } from '../egress/destination.ts';
import { answerOf } from './read-answer.ts';

interface NotifierOptions {
  /** See NotifyDefinition. */
  hosts: readonly string[];
  /** null: bodies are not signed. */
  secret: string | null;
  /** The operator's address; null: there is none. */
  webhook: string | null;
  userAgent: string;
  lookup?: Lookup;
  /** Of a whole try, in milliseconds. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;

/** Sends over a connection of its own to an address that was looked up once, so that no name leads elsewhere afterwards. */
export function createNotifier(options: NotifierOptions): Notifier {
  const { secret, lookup = systemLookup, timeoutMs = TIMEOUT_MS } = options;
  const allowed = createAllowList(options.hosts, WEBHOOK_PORTS);

  async function destination(url: URL): Promise<Destination | NotificationAnswer> {
    const target = readTarget(url.host, url.protocol === 'https:' ? 443 : 80);
    const kinds = target === null ? null : allowed(target);
    if (target === null || kinds === null) return refused(`\`notify.hosts\` does not list ${url.host}`);
    const found = await resolve(target, lookup);
    if ('status' in found) return { result: 'unreached', why: found.text, retryAfterMs: null };
    const addresses = found.addresses.filter(({ address }) => kinds.has(addressKind(address)));
    if (addresses.length > 0) return { target, addresses };
    return refused(`${target.host} leads to an address that is not public; list it with its port to allow that`);
  }

  return {
    async send(to, notification, signal) {
      const address = to.kind === 'operator' ? options.webhook : to.url;
      if (address === null) return refused('the server has no address for it any more (`notify.webhook_from`)');
      const url = new URL(address);
      const connections = createConnections();
      const ended = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const late = aborted(ended);
      try {
        const to = await Promise.race([destination(url), late.promise]);
        if ('result' in to) return to;
        const use = url.protocol === 'https:' ? 'https' : 'http';
        const socket = await Promise.race([connections.open(to, { use, timeoutMs }), late.promise]);
        if ('result' in socket) return socket;
        return await Promise.race([post(socket, url, headersOf(url, notification), notification.body), late.promise]);
      } catch (error) {
        return { result: 'unreached', why: `${url.host} did not answer (${codeOf(error)})`, retryAfterMs: null };
      } finally {
        late.forget();
        connections.close();
      }
    },
  };

  function headersOf(url: URL, { id, event, body }: Notification): Record<string, string | number> {
    const signature = secret === null ? null : createHmac('sha256', secret).update(body).digest('hex');
    return {
      host: url.host,
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'user-agent': options.userAgent,
      'x-flotilla-event': event,
      'x-flotilla-delivery': id,
      ...(signature === null ? {} : { 'x-flotilla-signature-256': `sha256=${signature}` }),
      connection: 'close',
    };
  }
}

const refused = (why: string): NotificationAnswer => ({ result: 'refused', why });

function aborted(signal: AbortSignal): { promise: Promise<NotificationAnswer>; forget(): void } {
  const { promise, resolve: end } = Promise.withResolvers<NotificationAnswer>();
  const stop = () => end({ result: 'unreached', why: 'there was no answer in time', retryAfterMs: null });
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return { promise, forget: () => signal.removeEventListener('abort', stop) };
}

/** The status alone: nothing of the answer's body is read. */
function post(
  socket: Socket,
  url: URL,
  headers: Record<string, string | number>,
  body: string,
): Promise<NotificationAnswer> {
  return new Promise((answered, failed) => {
    const request = sendRequest({
      createConnection: () => socket,
      method: 'POST',
      path: `${url.pathname}${url.search}`,
      headers,
      maxHeaderSize: 16 * 1024,
    });
    request.once('response', (response) => {
      response.on('error', () => undefined);
      answered(answerOf(response.statusCode ?? 0, response.headers['retry-after'] ?? null));
      response.destroy();
    });
    request.on('error', failed);
    request.once('close', () => failed(new Error('closed')));
    request.end(body);
  });
}

/** Of the system's error: its message could hold the address. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no connection';
}
