import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Refusal } from './destination.ts';

/** Joins two connections until both are at their end, or one breaks. */
export function joinConnections(near: Duplex, head: Buffer, far: Socket, idleMs: number): void {
  if (near.destroyed) far.destroy();
  far.setTimeout(idleMs, () => far.destroy());
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.once('close', () => other.destroy());
    one.pipe(other);
  }
  far.write(head);
}

/** Answers a CONNECT with a refusal, of which most clients show the first line alone. */
export function refuseTunnel(near: Duplex, { status, text }: Refusal): void {
  const body = `Flotilla: ${text}\n`;
  const head = [
    `HTTP/1.1 ${status} Refused by Flotilla`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  near.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
