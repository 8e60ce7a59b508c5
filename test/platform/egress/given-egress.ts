import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { Lookup } from '../../../src/platform/egress/destination.ts';
import type { EgressLimits } from '../../../src/platform/egress/limits.ts';
import { createEgress } from '../../../src/platform/egress/open-egress.ts';
import type { Egress } from '../../../src/platform/sandbox/create-sandbox.ts';
import type { Box } from '../../../src/ports/sandbox.ts';

export const KEY = 'sk-the-key-of-the-operator';

/** Names that tests use; no test asks a real resolver. */
const NAMES: Readonly<Record<string, string[]>> = {
  'here.test': ['127.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'internal.test': ['10.11.12.13'],
  'mapped.test': ['::ffff:127.0.0.1'],
  localhost: ['127.0.0.1'],
};

export interface GivenEgress {
  egress: Egress;
  /** Path of the box's socket. */
  socket: string;
  warnings: string[];
  asked: string[];
}

/** A way out as a box gets it, without the box. */
export async function givenEgress(
  wanted: Partial<Pick<Box, 'hosts' | 'modelApi'>>,
  limits: Partial<EgressLimits> = {},
): Promise<GivenEgress> {
  const asked: string[] = [];
  const lookup: Lookup = (host) => {
    asked.push(host);
    return Promise.resolve((NAMES[host] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  };
  const warnings: string[] = [];
  const silent = () => undefined;
  const log = {
    debug: silent,
    info: silent,
    error: silent,
    warn: (_: object, line: string) => void warnings.push(line),
  };
  const egress = await createEgress({ log, lookup, limits })({ hosts: [], modelApi: null, ...wanted }, true);
  onTestFinished(() => egress.close());
  return { egress, socket: egress.mounts[1]?.path ?? '', warnings, asked };
}

export interface Taken {
  method: string;
  url: string;
  headers: NodeJS.Dict<string[]>;
  body: string;
}

/** A server of the test on this machine's loopback, and what it was asked. */
export async function givenServer(
  listener?: RequestListener,
): Promise<{ port: number; taken: Taken[]; server: Server }> {
  const taken: Taken[] = [];
  const take = async (request: IncomingMessage): Promise<void> => {
    const { method = '', url = '', headersDistinct: headers } = request;
    taken.push({ method, url, headers, body: await text(request) });
  };
  const server = createServer(
    listener ??
      ((request, response) => {
        take(request).then(
          () => response.end(`answer to ${request.url}\n`),
          () => undefined,
        );
      }),
  );
  return { port: await listen(server), taken, server };
}

export async function givenTcpServer(server = createTcpServer((socket) => socket.pipe(socket))): Promise<number> {
  return listen(server);
}

async function listen(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return port;
}

/** Everything that the proxy says to these bytes, until it ends the connection. */
export async function say(socket: string, bytes: string): Promise<string> {
  const connection = connect({ path: socket, allowHalfOpen: true });
  onTestFinished(() => void connection.destroy());
  connection.write(bytes, 'latin1');
  let said = '';
  connection.setEncoding('latin1').on('data', (chunk) => {
    said += chunk;
  });
  await new Promise<void>((resolve) =>
    connection
      .once('close', () => resolve())
      .once('end', resolve)
      .on('error', () => resolve()),
  );
  connection.destroy();
  return said;
}

export const request = (line: string, headers: readonly string[] = [], body = ''): string =>
  `${[line, 'Host: 127.0.0.1:8118', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n${body}`;
