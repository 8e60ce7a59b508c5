import { once } from 'node:events';
import { createServer } from 'node:net';
import { createEmulator, type Emulator, type SeedConfig } from 'emulate';

const TRIES = 5;

export interface Emulate {
  port: number;
  close(): Promise<void>;
}

/**
 * Starts emulate's GitHub on 127.0.0.1. `baseUrl` is what its answers link to. With a base address of its own it does not
 * tell which port it got, so one is chosen before; another process can be faster, hence the tries.
 */
export async function startEmulate(baseUrl: string, seed: SeedConfig): Promise<Emulate> {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    try {
      const emulator: Emulator = await createEmulator({
        service: 'github',
        port,
        hostname: '127.0.0.1',
        baseUrl,
        seed,
      });
      return { port, close: () => emulator.close() };
    } catch (error) {
      if (tries === TRIES || !(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port on 127.0.0.1.');
  return address.port;
}
