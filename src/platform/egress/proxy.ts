import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { readTarget, writeTarget } from '../../core/network/target.ts';
import type { Log } from '../../ports/log.ts';
import type { Box } from '../../ports/sandbox.ts';
import { createAllowList } from './allow-list.ts';
import { createConnections } from './connection.ts';
import { type Destination, destinationOf, type Lookup, oneByOne, type Refusal, resolve } from './destination.ts';
import { framing, passedOn, withKey } from './headers.ts';
import type { EgressLimits } from './limits.ts';
import { createListener } from './listener.ts';
import { modelPath } from './model-path.ts';
import { answer, passRequest } from './pass-request.ts';
import { joinConnections, refuseTunnel } from './tunnel.ts';

export interface ProxyOptions {
  log: Log;
  lookup: Lookup;
  limits: EgressLimits;
}

export interface BoxProxy {
  server: Server;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/**
 * The proxy of one box. Whoever is in the box sends what it likes: Node's strict parser reads it, and what goes on is
 * written anew.
 * @param prefix path under which the model is, for a listener that others could find too; empty: none
 */
export function createProxy(
  { hosts, modelApi }: Pick<Box, 'hosts' | 'modelApi'>,
  prefix: string,
  { log, limits, ...options }: ProxyOptions,
): BoxProxy {
  const allowed = createAllowList(hosts);
  const connections = createConnections();
  const lookup = oneByOne(options.lookup);
  const refused = new Set<string>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<Refusal | null> {
    const asked = request.url ?? '';
    const [, authority, rest = ''] = /^http:\/\/([^/?#]*)([^#]*)/i.exec(asked) ?? [];
    if (authority !== undefined) return forward(request, response, authority, rest.startsWith('/') ? rest : `/${rest}`);
    if (!asked.startsWith('/')) return { status: 400, text: 'Ask for http://…, or by CONNECT.' };
    return askModel(request, response, asked);
  }

  async function forward(request: IncomingMessage, response: ServerResponse, authority: string, path: string) {
    const target = readTarget(authority, 80);
    if (target === null || !/^[\x21-\x7e]+$/.test(path)) return { status: 400, text: 'The request names no host.' };
    if (request.method === 'TRACE') return { status: 405, text: 'TRACE is not passed on.' };
    const to = tell(await destinationOf(target, allowed, lookup));
    if ('status' in to) return to;
    const headers = { ...passedOn(request), ...framing(request), host: [writeTarget(target, 80)] };
    return pass(to, passRequest(request, response, { to, use: 'http', path, headers, maxBodyBytes: null }, outside));
  }

  async function askModel(request: IncomingMessage, response: ServerResponse, asked: string): Promise<Refusal | null> {
    if (modelApi === null) return { status: 404, text: 'There is no model here: the agent has no `model_api`.' };
    if (!asked.startsWith(`${prefix}/`)) return { status: 404, text: 'The model is at another path.' };
    if (!MODEL_METHODS.includes(request.method ?? '')) {
      return { status: 405, text: `A model is asked by ${MODEL_METHODS.join(', ')}.` };
    }
    const api = new URL(modelApi.url);
    const use = api.protocol === 'http:' ? 'http' : 'https';
    const usualPort = use === 'http' ? 80 : 443;
    const target = readTarget(api.host, usualPort);
    const path = modelPath(api.pathname.replace(/\/+$/, ''), asked.slice(prefix.length));
    if (path === null || target === null) return { status: 400, text: 'The path could lead out of the `model_api`.' };
    const to = tell(await resolve(target, lookup));
    if ('status' in to) return to;
    const host = [writeTarget(target, usualPort)];
    const headers = { ...withKey(passedOn(request), modelApi), ...framing(request), host };
    return pass(
      to,
      passRequest(request, response, { to, use, path, headers, maxBodyBytes: limits.bodyBytes }, outside),
    );
  }

  async function tunnel(authority: string, socket: Duplex, head: Buffer): Promise<Refusal | null> {
    const target = readTarget(authority, null);
    if (target === null) return { status: 400, text: 'CONNECT names no host and port.' };
    const to = tell(await destinationOf(target, allowed, lookup));
    if ('status' in to) return to;
    const opened = connections.open(to, { use: 'tunnel', timeoutMs: limits.connectMs }).then((far) => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      joinConnections(socket, head, far, limits.idleMs);
    });
    return pass(to, opened);
  }

  const outside = { connections, limits };

  /** What is in a box must not be able to end this process. */
  function unexpected(error: unknown): Refusal {
    log.error({ err: error }, 'A way out of a box failed.');
    return { status: 500, text: 'The proxy failed; the log of the server says why.' };
  }

  /** Into the log, once a place and not without end. */
  function tell(result: Destination | Refusal): Destination | Refusal {
    if ('status' in result && refused.size < MOST_TOLD && !refused.has(result.text)) {
      refused.add(result.text);
      log.warn({ status: result.status }, result.text);
    }
    return result;
  }

  async function pass({ target }: Destination, done: Promise<void>): Promise<Refusal | null> {
    try {
      await done;
      return null;
    } catch (error) {
      const why = error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error);
      const refusal = { status: 502, text: `${writeTarget(target)} could not be reached: ${why}.` };
      tell(refusal);
      return refusal;
    }
  }

  const listener = createListener(limits, {
    onRequest: async (request, response) => {
      const refusal = await handle(request, response).catch(unexpected);
      if (refusal === null) return;
      request.resume();
      answer(response, refusal);
    },
    onConnect: async (authority, socket, head) => {
      const refusal = await tunnel(authority, socket, head).catch(unexpected);
      if (refusal !== null) refuseTunnel(socket, refusal);
    },
  });
  return {
    server: listener.server,
    close() {
      connections.close();
      return listener.close();
    },
  };
}

/** Nothing that removes, and nothing that answers with the request itself, key and all. */
const MODEL_METHODS = ['GET', 'HEAD', 'POST'];
const MOST_TOLD = 20;
