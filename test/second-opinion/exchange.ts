import { type IncomingMessage, type OutgoingHttpHeaders, request as send } from 'node:http';

/** A request that was read whole. */
export interface Asked {
  method: string;
  /** With its query, as it was written. */
  url: string;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

export interface Answer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

/**
 * Sends a request byte for byte to a port of this machine; of the headers only the transfer's own are made anew.
 * On a connection of its own: a kept one may be closed at the very moment that it is used again.
 */
export function exchange(port: number, { method, url, headers, body }: Asked): Promise<Answer> {
  const { connection: _, 'transfer-encoding': __, 'content-length': ___, ...kept } = headers;
  const length = body.length > 0 || method !== 'GET' ? { 'content-length': body.length } : {};
  return new Promise((resolve, reject) => {
    const outgoing = send(
      { host: '127.0.0.1', port, agent: false, method, path: url, headers: { ...kept, ...length } },
      (incoming) => {
        readWhole(incoming).then(
          (answered) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: answered }),
          reject,
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

export async function readWhole(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The body as JSON; undefined when it is none. */
export function jsonOf({ body }: { body: Buffer }): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

export function jsonAnswer(status: number, value: unknown, headers: OutgoingHttpHeaders = {}): Answer {
  const body = value === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(value));
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}
