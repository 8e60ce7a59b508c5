import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from './metrics.ts';

/** `token` null: whoever reaches the listener may read. */
export interface AnsweredMetrics {
  metrics: Pick<Metrics, 'text' | 'contentType'>;
  token: string | null;
  log: Log;
}

/**
 * `GET /metrics`; false: another request, which nothing was done about. Before the token fits nothing is read or counted:
 * whoever finds the address can send.
 */
export async function answerMetrics(
  { metrics, token, log }: AnsweredMetrics,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') return false;
  if (token !== null && !fits(request.headers.authorization, token)) {
    response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': 'Bearer', connection: 'close' });
    response.end('{"error":"Metrics need the token that the operator set: `Authorization: Bearer …`."}');
    return true;
  }
  try {
    const text = await metrics.text();
    response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(text);
  } catch (error) {
    log.error({ err: error }, 'metrics could not be read');
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end('{"error":"Metrics could not be read; the log says why."}');
  }
  return true;
}

/** By digests, so that neither the time nor the length tells anything of the token. */
function fits(authorization: string | undefined, token: string): boolean {
  const [, told = ''] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(told), digest(token));
}
