import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { EgressLimits } from './limits.ts';

/** Neither throws. */
interface Doors {
  onRequest(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** @param head what came behind the request already */
  onConnect(authority: string, socket: Duplex, head: Buffer): Promise<void>;
}

interface Listener {
  server: Server;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/** The side of the proxy that the box sees, with bounds for what it may send. */
export function createListener(limits: EgressLimits, { onRequest, onConnect }: Doors): Listener {
  const sockets = new Set<Socket>();
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(limits.headersMs, 5000),
    insecureHTTPParser: false,
  });
  server.maxConnections = limits.connections;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  server.on('request', (request, response) => void onRequest(request, response));
  server.on('connect', (request, socket, head) => void onConnect(request.url ?? '', socket, head));
  return {
    server,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
