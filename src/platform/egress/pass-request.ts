import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { Connections } from './connection.ts';
import type { Destination } from './destination.ts';
import { type Headers, passedOn } from './headers.ts';
import type { EgressLimits } from './limits.ts';

interface Passed {
  to: Destination;
  use: 'http' | 'https';
  path: string;
  headers: Headers;
  /** null: the other side decides. */
  maxBodyBytes: number | null;
}

/** Sends a request on over a connection of its own and its answer back, both as they come. @throws Error without a connection */
export async function passRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { to, use, path, headers, maxBodyBytes }: Passed,
  { connections, limits }: { connections: Connections; limits: EgressLimits },
): Promise<void> {
  const socket = await connections.open(to, { use, timeoutMs: limits.connectMs });
  if (response.destroyed) {
    socket.destroy();
    return;
  }
  const fail = (status: number, text: string): void => {
    socket.destroy();
    answer(response, { status, text });
  };
  socket.setTimeout(limits.idleMs, () => fail(504, `${to.target.host} was silent for too long.`));
  response.once('close', () => socket.destroy());
  const outward = send({
    createConnection: () => socket,
    method: request.method ?? 'GET',
    path,
    headers,
    setHost: false,
    maxHeaderSize: 64 * 1024,
    insecureHTTPParser: false,
  });
  let answered = false;
  outward.on('error', () => undefined);
  outward.once('close', () => {
    // One that answers before it has read everything may close at once: its answer counts.
    if (!answered) fail(502, `${to.target.host} broke the connection off.`);
  });
  outward.on('response', (inward) => {
    const { statusCode: status = 0 } = inward;
    if (status < 200 || status > 599) {
      fail(502, `${to.target.host} answered with a status that HTTP does not have.`);
      return;
    }
    answered = true;
    inward.on('error', () => response.destroy());
    // Without its reason phrase, which may hold what ours may not.
    response.writeHead(status, { ...passedOn(inward), ...lengthOf(inward) });
    response.flushHeaders();
    inward.pipe(response);
  });
  if (maxBodyBytes !== null) {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) fail(413, `A request may hold ${maxBodyBytes} bytes.`);
    });
  }
  request.pipe(outward);
}

const lengthOf = ({ headersDistinct }: IncomingMessage): Headers => {
  const length = headersDistinct['content-length'];
  return length === undefined ? {} : { 'content-length': length };
};

/** An answer of the proxy itself; nothing where another has begun. */
export function answer(response: ServerResponse, { status, text }: { status: number; text: string }): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = `Flotilla: ${text}\n`;
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}
