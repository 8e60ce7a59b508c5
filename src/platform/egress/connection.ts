import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Destination } from './destination.ts';

/** Opens connections to the outside that all end with `close`. */
export interface Connections {
  /** @throws Error when none of the addresses answers in time, or with another certificate than the host's */
  open(to: Destination, options: { use: 'tunnel' | 'http' | 'https'; timeoutMs: number }): Promise<Socket>;
  close(): void;
}

export function createConnections(): Connections {
  const open = new Set<Socket>();
  let closed = false;

  function keep(socket: Socket): Socket {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // Whoever uses it hears of errors by its close too.
    socket.on('error', () => undefined);
    if (closed) socket.destroy();
    return socket;
  }

  return {
    async open({ target, addresses }, { use, timeoutMs }) {
      const plain = keep(
        connect({
          host: target.host,
          port: target.port,
          allowHalfOpen: use === 'tunnel',
          noDelay: true,
          // Node tries one address after the other, and asks nobody.
          autoSelectFamily: true,
          lookup: (_host, _options, found) => found(null, [...addresses]),
        }),
      );
      const server = isIP(target.host) === 0 ? { servername: target.host } : { host: target.host };
      const socket = use === 'https' ? keep(connectTls({ socket: plain, rejectUnauthorized: true, ...server })) : plain;
      await ready(socket, use === 'https' ? 'secureConnect' : 'connect', timeoutMs);
      return socket;
    },
    close() {
      closed = true;
      for (const socket of open) socket.destroy();
    },
  };
}

function ready(socket: Socket, event: 'connect' | 'secureConnect', timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error('no answer in time')), timeoutMs);
    let problem = new Error('the connection was closed');
    socket.once('error', (error) => {
      problem = error;
    });
    socket.once('close', () => {
      clearTimeout(timer);
      reject(problem);
    });
    socket.once(event, () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
