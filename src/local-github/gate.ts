import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Actor, actorName } from './actor.ts';
import type { Failure } from './failure.ts';
import type { FailureScript } from './failure-script.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route as the request log names it, e.g. `GET /repos/{owner}/{repo}`. */
    template?: string;
  }
}

/** What the gate keeps about a request while it runs. */
export interface Passage {
  entry: LoggedRequest;
  /** The body as it came; the log gets it when it is known who sent it. */
  body: unknown;
  /** A failure that comes after the effect; the others have been answered already. */
  failure: Failure | undefined;
}

/** Stands before every route: refuses foreign hosts, writes the request log and plays the failure script. */
export class Gate {
  readonly #passages = new WeakMap<FastifyRequest, Passage>();
  readonly #requests: RequestLog;
  readonly #failures: FailureScript;
  readonly #now: () => number;

  /** @param now GitHub's clock, for the log */
  constructor(requests: RequestLog, failures: FailureScript, now: () => number) {
    this.#requests = requests;
    this.#failures = failures;
    this.#now = now;
  }

  passage(request: FastifyRequest): Passage | undefined {
    return this.#passages.get(request);
  }

  /** Adds to the log who asked. Nobody's bodies are not kept: anyone who reaches the port could fill the memory. */
  identified(request: FastifyRequest, actor: Actor): void {
    const passage = this.#passages.get(request);
    if (passage === undefined) return;
    passage.entry.actor = actorName(actor);
    if (actor.kind !== 'anonymous') passage.entry.body = bodyOf(passage.body);
    passage.body = undefined;
  }

  /** Runs what a request asks for: now, or when the failure script lets it land; the connection may be gone by then. */
  async whenItLands<T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> {
    const mode = this.#passages.get(request)?.failure?.mode;
    if (mode !== 'later' && mode !== 'held') return work();
    if (mode === 'later') request.raw.socket.destroy();
    return this.#failures.hold(work);
  }

  register(app: FastifyInstance): void {
    app.addHook('onRequest', async (request, reply) => {
      if (!isOurHost(request.headers.host)) {
        return reply.code(421).send({ message: 'This server answers for 127.0.0.1 and localhost only.' });
      }
    });
    app.addHook('preHandler', async (request, reply) => this.#enter(request, reply));
    app.addHook('onSend', async (request, reply, payload) => {
      const passage = this.#passages.get(request);
      if (passage?.failure === undefined) return payload;
      return failAfter(passage.failure, request, reply, payload);
    });
    app.addHook('onResponse', async (request, reply) => {
      const passage = this.#passages.get(request);
      if (passage !== undefined) passage.entry.status = reply.statusCode;
    });
  }

  #enter(request: FastifyRequest, reply: FastifyReply): unknown {
    const route = templateOf(request);
    const path = request.url.split('?')[0] ?? '';
    if (!forPrograms.test(path) && !route.includes(' git-')) return undefined;
    const entry = this.#requests.add({
      method: request.method,
      path: path.slice(0, LONGEST_PATH),
      route,
      query: request.url.length > LONGEST_PATH ? {} : { ...Object(request.query) },
      body: undefined,
      status: 0,
      actor: 'anonymous',
      at: this.#now(),
    });
    const userAgent = request.headers['user-agent'] ?? '';
    const failure = this.#failures.take({ route, path: request.url, userAgent });
    const before = failure?.mode === 'status' || failure?.mode === 'before';
    this.#passages.set(request, { entry, body: request.body, failure: before ? undefined : failure });
    if (failure === undefined || !before) return undefined;
    const status = failure.mode === 'status' ? (failure.status ?? 500) : 502;
    reply.code(status).headers(failure.headers ?? {});
    const body = failure.body ?? { message: 'Server Error' };
    if (!route.includes(' git-')) return reply.send(body);
    // To git GitHub speaks in plain text, which git shows to people.
    return reply.type('text/plain').send(told.safeParse(body).data?.message ?? String(body));
  }
}

async function failAfter(failure: Failure, request: FastifyRequest, reply: FastifyReply, payload: unknown) {
  switch (failure.mode) {
    case 'after':
      reply.removeHeader('content-length');
      reply.removeHeader('etag');
      reply.code(502).headers(failure.headers ?? {});
      return JSON.stringify({ message: 'Server Error' });
    case 'timeout':
      await new Promise((resolve) => request.raw.socket.once('close', resolve));
      return payload;
    case 'reset':
      request.raw.socket.destroy();
      return payload;
    case 'stale':
      reply.removeHeader('content-length');
      reply.removeHeader('etag');
      return withoutNewest(payload, failure.lacks ?? 1);
    case 'status':
    case 'before':
    case 'later':
    case 'held':
      return payload;
  }
}

/** A list as it was before its newest entries; what is no list is never stale. */
function withoutNewest(payload: unknown, lacks: number): unknown {
  // Whatever its length: only what is logged has a bound.
  const text = typeof payload === 'string' || payload instanceof Buffer ? String(payload) : '[]';
  const listed = entries.safeParse(parsed(text));
  if (!listed.success) return payload;
  const newest = new Set(
    listed.data
      .map(({ id }) => id)
      .toSorted((a, b) => b - a)
      .slice(0, lacks),
  );
  return JSON.stringify(listed.data.filter(({ id }) => !newest.has(id)));
}

const told = z.object({ message: z.string() });
const entries = z.array(z.looseObject({ id: z.number() }));

/** What is logged and may be made to fail, besides git: the API, signing in, and id tokens; never pages for people. */
const forPrograms = /^\/(api|_services)\/|^\/login\/(device\/code|oauth\/)/;

/** A page of another site whose name was made to point here must not reach this server. */
function isOurHost(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host);
}

function templateOf(request: FastifyRequest): string {
  const { config, url } = request.routeOptions;
  if (config?.template !== undefined) return config.template;
  if (url === undefined) return 'unknown';
  return `${request.method} ${url.replace(/^\/api(\/v3)?(?=\/)/, '').replace(/:(\w+)/g, '{$1}')}`;
}

/** Of what is kept; characters. */
const LONGEST_BODY = 64 * 1024;
const LONGEST_PATH = 2000;

function bodyOf(body: unknown): unknown {
  if (typeof body !== 'string') return isPlain(body) ? body : undefined;
  if (body === '' || body.length > LONGEST_BODY) return undefined;
  return parsed(body);
}

/** What is no JSON stays the text that it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isPlain(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !('pipe' in body);
}
