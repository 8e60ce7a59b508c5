import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../ports/log.ts';
import type { Box } from '../../ports/sandbox.ts';
import type { Egress, OpenEgress } from '../sandbox/create-sandbox.ts';
import { bridgeTo, INSIDE_URL } from './bridge.ts';
import { type Lookup, systemLookup } from './destination.ts';
import { EGRESS_LIMITS, type EgressLimits } from './limits.ts';
import { type BoxProxy, createProxy } from './proxy.ts';

interface EgressOptions {
  log: Log;
  lookup?: Lookup;
  limits?: Partial<EgressLimits>;
}

/**
 * The way out of a box: a proxy in this process that lets through to the listed hosts, and adds the model's key. It listens
 * on a socket of its own for every box; nobody else can open the folder that the socket is in.
 */
export function createEgress({ log, lookup = systemLookup, limits }: EgressOptions): OpenEgress {
  const options = { log, lookup, limits: { ...EGRESS_LIMITS, ...limits } };
  return (wanted, boxed) => {
    if (boxed) return openBoxed(wanted, createProxy(wanted, '', options));
    // Nothing holds a process of the host to a list of hosts.
    if (wanted.modelApi === null) return Promise.resolve(NOTHING);
    const prefix = `/${randomBytes(24).toString('base64url')}`;
    return openOnHost(prefix, createProxy({ ...wanted, hosts: [] }, prefix, options));
  };
}

const NOTHING: Egress = { mounts: [], before: [], env: {}, modelUrl: null, close: () => Promise.resolve() };

async function openBoxed({ hosts, modelApi }: Pick<Box, 'hosts' | 'modelApi'>, proxy: BoxProxy): Promise<Egress> {
  const folder = await socketFolder();
  const socket = join(folder, 'proxy');
  try {
    await listening(proxy.server, { path: socket });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    ...bridgeTo(socket),
    env: hosts.length > 0 ? PROXY_VARIABLES : {},
    modelUrl: modelApi === null ? null : INSIDE_URL,
    async close() {
      await proxy.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openOnHost(prefix: string, proxy: BoxProxy): Promise<Egress> {
  await listening(proxy.server, { port: 0, host: '127.0.0.1' });
  const address = proxy.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { ...NOTHING, modelUrl: `http://127.0.0.1:${port}${prefix}`, close: proxy.close };
}

/** `localhost` stays in the box. Node obeys these variables only when it is told to. */
const PROXY_VARIABLES: Readonly<Record<string, string>> = {
  HTTP_PROXY: INSIDE_URL,
  HTTPS_PROXY: INSIDE_URL,
  http_proxy: INSIDE_URL,
  https_proxy: INSIDE_URL,
  NO_PROXY: '127.0.0.1,localhost,::1',
  no_proxy: '127.0.0.1,localhost,::1',
  NODE_USE_ENV_PROXY: '1',
};

/** unix(7): a socket's path has 108 bytes, with a zero at its end. */
const LONGEST_SOCKET = 107;

/** Open to this user alone, as mkdtemp(3) makes it. A process that is killed leaves it behind; nothing in it answers then. */
async function socketFolder(): Promise<string> {
  const usual = await realpath(tmpdir());
  const fits = Buffer.byteLength(join(usual, 'fleet-XXXXXX', 'proxy')) <= LONGEST_SOCKET;
  return mkdtemp(join(fits ? usual : '/tmp', 'fleet-'));
}

function listening(server: Server, where: { path: string } | { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
