import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { noSandbox } from '../sandboxes.ts';
import { CHILD_PATH, givenServer } from './given-server.ts';

/** Reaching what listens outside of the box. Nothing here sends anything to another machine. */

async function listening(
  at: { port: number; host: string } | { path: string },
): Promise<{ server: Server; heard(): number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.end('hello from outside\n');
  });
  await new Promise<void>((resolve) => server.listen(at, () => resolve()));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return { server, heard: () => connections };
}

const CONNECT = `
const socket = require('node:net').connect(JSON.parse(process.env.TARGET));
socket.on('data', (data) => process.stdout.write(String(data)));
socket.on('error', (error) => console.log(error.code));
`;

const env = (target: object) => ({ PATH: CHILD_PATH, CONNECT, TARGET: JSON.stringify(target) });

describe.skipIf(noSandbox !== null)('a command', () => {
  it('has no interface but a loopback of its own, and no route', async () => {
    const { attack } = givenServer();
    const { stdout } = await attack(
      `tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '; tail -n +2 /proc/net/route; awk '$10 != "lo"' /proc/net/ipv6_route; tail -n +2 /proc/net/arp; tail -n +2 /proc/net/tcp`,
    );
    expect(stdout).toBe('lo\n');
  });

  it("reaches no listener on the host's loopback", async () => {
    const { attack } = givenServer();
    const { server, heard } = await listening({ port: 0, host: '127.0.0.1' });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { stdout } = await attack('node -e "$CONNECT"', { env: env({ host: '127.0.0.1', port: address.port }) });
    expect(stdout).toBe('ECONNREFUSED\n');
    const { stdout: byShell } = await attack(
      `(exec 5<>/dev/tcp/127.0.0.1/${address.port}) 2>/dev/null && echo connected`,
    );
    expect(byShell).toBe('');
    expect(heard()).toBe(0);
  });

  it('reaches no Unix socket of the host, neither by its path nor by an abstract name', async () => {
    const { folder, attack } = givenServer();
    const place = join(folder, 's');
    const name = `\0flotilla-attack-${process.pid}`;
    const byPath = await listening({ path: place });
    const abstract = await listening({ path: name });
    const first = await attack('node -e "$CONNECT"', { env: env({ path: place }) });
    expect(first.stdout).toBe('ENOENT\n');
    const second = await attack('node -e "$CONNECT"', { env: env({ path: name }) });
    expect(second.stdout).toBe('ECONNREFUSED\n');
    expect([byPath.heard(), abstract.heard()]).toEqual([0, 0]);
  });

  it('finds no name server, no proxy and no agent of keys to ask', async () => {
    const { attack } = givenServer();
    const { stdout } = await attack(
      'cat /etc/resolv.conf; env | grep -iE "proxy|SSH_AUTH_SOCK|DBUS|DOCKER_HOST|XDG_RUNTIME"; ls /run /var/run /tmp/.X11-unix; getent hosts localhost | grep -c .',
    );
    expect(stdout).toBe('1\n');
  });
});
