import { connect } from 'node:net';
import type { World } from '../world.ts';

export interface RawAnswer {
  /** NaN: the connection was closed without an answer. */
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer.
  body: any;
}

/** Sends these very bytes and reads until the server closes; with `connection: close` in the head it does. */
export function sendRaw(world: World, text: string | Buffer): Promise<RawAnswer> {
  const { port, hostname } = new URL(world.webhookUrl);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (chunk) => chunks.push(chunk));
    // Of a server that does not read on, which closes it then.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(parse(Buffer.concat(chunks).toString('latin1'))));
  });
}

function parse(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = new Headers(
    fields.map((field): [string, string] => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon), field.slice(colon + 1).trim()];
    }),
  );
  const body = rest.join('\r\n\r\n').slice(0, Number(headers.get('content-length') ?? Number.POSITIVE_INFINITY));
  return { status: Number(line.split(' ')[1]), headers, body: jsonOr(body) };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
