import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { demand } from './access/permissions.ts';
import { mayChangeWorkflows } from './access/workflows.ts';
import { type Actor, type Author, authorOf } from './actor.ts';
import { ApiError, notFound } from './api-error.ts';
import type { Context } from './context.ts';
import type { Failure } from './failure.ts';
import type { Gate } from './gate.ts';
import { listRefs } from './git/refs.ts';
import { type Service, type SmartAnswer, serveSmartHttp } from './git/smart-http.ts';
import { type RefChange, refsChanged } from './operations/refs-changed.ts';
import { fullName, repositoryByFormerName, repositoryByName } from './state/queries.ts';
import type { Repository } from './state/records.ts';

/** What GitHub's own servers allow, given by environment so that the repositories need no configuration. */
const serverConfig: readonly (readonly [string, string])[] = [
  ['uploadpack.allowFilter', 'true'],
  ['uploadpack.allowAnySHA1InWant', 'true'],
  ['receive.fsckObjects', 'true'],
  ['receive.autogc', 'false'],
  ['receive.hideRefs', 'refs/pull'],
];

interface Entrance {
  actor: Actor;
  repository: Repository;
  service: Service;
}

/** Git smart HTTP at `/{owner}/{repo}[.git]`, by git's own services; bodies are streamed. */
export async function registerGitHttp(app: FastifyInstance, context: Context, gate: Gate): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    const routes = [
      { method: 'GET', url: '/:owner/:repo/info/refs' },
      { method: 'POST', url: '/:owner/:repo/git-upload-pack' },
      { method: 'POST', url: '/:owner/:repo/git-receive-pack' },
    ] as const;
    for (const { method, url } of routes) {
      const template = `${method} ${url === '/:owner/:repo/info/refs' ? 'git-info-refs' : url.split('/').at(-1)}`;
      scope.route({
        method,
        url,
        config: { template },
        exposeHeadRoute: false,
        handler: (request, reply) => serveGit(context, gate, request, reply),
      });
    }
  });
}

async function serveGit(context: Context, gate: Gate, request: FastifyRequest, reply: FastifyReply) {
  let entrance: Entrance;
  try {
    entrance = await enter(context, request);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return refuse(reply, error);
  }
  const changes = request.method === 'POST' && entrance.service === 'git-receive-pack';
  reply.hijack();
  const mode = gate.passage(request)?.failure?.mode;
  try {
    // What lands later has no connection any more that could be read then.
    const late = mode === 'later' || mode === 'held';
    const body = late ? Readable.from([await buffer(request.raw)]) : request.raw;
    const work = changes ? receive : stream;
    await gate.whenItLands(request, () => work(context, entrance, { request, body, response: reply.raw, mode }));
  } catch (error) {
    context.log(`git ${request.url}: ${error instanceof Error ? error.message : String(error)}`);
    if (reply.raw.headersSent) reply.raw.destroy();
    else reply.raw.writeHead(500).end();
  }
  const passage = gate.passage(request);
  if (passage !== undefined) passage.entry.status = reply.raw.headersSent ? reply.raw.statusCode : 0;
  return reply;
}

async function enter(context: Context, request: FastifyRequest): Promise<Entrance> {
  const { owner = '', repo = '' } = stringsOf(request.params);
  const name = repo.replace(/\.git$/, '');
  const path = request.url.split('?')[0] ?? '';
  const service = path.endsWith('/info/refs')
    ? (stringsOf(request.query).service ?? '')
    : (path.split('/').at(-1) ?? '');
  if (service !== 'git-upload-pack' && service !== 'git-receive-pack') {
    throw new ApiError(403, 'Please upgrade your git client. The dumb HTTP protocol is not supported.');
  }
  const actor = await context.authenticate(request);
  const repository = repositoryByName(context.state, owner, name);
  if (repository === undefined) throw movedOrMissing(context, actor, request, owner, name);
  const write = service === 'git-receive-pack';
  if (actor.kind === 'anonymous' && (write || repository.visibility !== 'public'))
    throw new ApiError(401, 'Authentication required');
  if (actor.kind === 'app' || actor.kind === 'client') throw new ApiError(401, 'Invalid username or token.');
  demandGit(context, actor, repository, write);
  return { actor, repository, service };
}

function demandGit(context: Context, actor: Actor, repository: Repository, write: boolean): void {
  demand(context.state, actor, repository, { permission: ['contents'], level: 'read' });
  if (!write) return;
  try {
    demand(context.state, actor, repository, { permission: ['contents'], level: 'write' });
  } catch (error) {
    if (error instanceof ApiError && !repository.archived) {
      throw new ApiError(403, 'Write access to repository not granted.');
    }
    throw new ApiError(403, 'This repository was archived so it is read-only.');
  }
}

function movedOrMissing(
  context: Context,
  actor: Actor,
  request: FastifyRequest,
  owner: string,
  name: string,
): ApiError {
  const moved = repositoryByFormerName(context.state, owner, name);
  if (actor.kind === 'anonymous') return new ApiError(401, 'Authentication required');
  if (moved === undefined) return notFound();
  const rest = request.url.split('/').slice(3).join('/');
  const location = `${context.baseUrl}/${fullName(context.state, moved)}.git/${rest}`;
  return new ApiError(301, 'Moved Permanently', { headers: { location } });
}

function refuse(reply: FastifyReply, error: ApiError) {
  const text = error.status === 404 ? 'Repository not found.' : error.message;
  return reply
    .code(error.status)
    .headers(error.headers)
    .headers(error.status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {})
    .header('content-type', 'text/plain')
    .send(text);
}

/** One request under way, and how it is to fail. */
interface Exchange {
  request: FastifyRequest;
  body: Readable;
  response: ServerResponse;
  mode: Failure['mode'] | undefined;
}

/** Sends what git says as it comes; a client that goes away ends it. */
async function stream(context: Context, entrance: Entrance, { request, body, response, mode }: Exchange) {
  const answer = await serve(context, entrance, request, body);
  response.on('close', () => answer.stop());
  if (mode === 'timeout') return answer.stop();
  if (mode === 'after') {
    response.writeHead(502).end();
    return answer.stop();
  }
  response.writeHead(answer.status, answer.headers);
  if (mode === 'reset') {
    const said = await buffer(answer.body);
    // In the middle of its answer: of one that had not begun, the client's own library asks again and nobody sees it.
    return void response.write(said.subarray(0, said.length / 2), () => response.destroy());
  }
  await pipeline(answer.body, response).catch((error: unknown) => {
    if (!response.destroyed) throw error;
  });
}

/**
 * A push, alone on its repository. The answer is held until pull requests have followed, so that whoever
 * pushed sees them moved.
 */
async function receive(
  context: Context,
  entrance: Entrance,
  { request, body, response, mode }: Exchange,
): Promise<void> {
  await context.locks.run(entrance.repository.id, async () => {
    const { repository, actor } = entrance;
    const directory = context.state.gitDirectory(repository.id);
    const before = await listRefs(directory);
    const answer = await serve(context, entrance, request, body);
    const said = await buffer(answer.body);
    const author: Author | undefined = authorOf(actor);
    if (author !== undefined) {
      await refsChanged(context, author, repository, compareRefs(before, await listRefs(directory)));
    }
    if (mode === 'timeout') return;
    if (mode === 'reset') response.destroy();
    else if (mode === 'after') response.writeHead(502).end();
    else response.writeHead(answer.status, answer.headers).end(said);
  });
}

function compareRefs(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): RefChange[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .map((ref) => ({ ref, before: before.get(ref) ?? null, after: after.get(ref) ?? null }))
    .filter((change) => change.before !== change.after && !change.ref.startsWith('refs/pull/'));
}

function serve(context: Context, entrance: Entrance, request: FastifyRequest, body: Readable): Promise<SmartAnswer> {
  return serveSmartHttp({
    service: entrance.service,
    gitDirectory: context.state.gitDirectory(entrance.repository.id),
    body: request.method === 'POST' ? body : null,
    headers: request.headers,
    env: configEnvironment(context, entrance),
    log: (text) => context.log(text),
  });
}

/** Hooks run only where something may have to be refused: they cost a process per ref. */
function configEnvironment(context: Context, { repository, actor, service }: Entrance): Record<string, string> {
  const protectedRefs =
    actor.kind === 'installation' ? repository.protectedBranches.map((branch) => `refs/heads/${branch}`) : [];
  const workflows = !mayChangeWorkflows(actor);
  const hooked = service === 'git-receive-pack' && (protectedRefs.length > 0 || workflows);
  const config = [...serverConfig, ['core.hooksPath', hooked ? context.hooksDirectory : '/dev/null'] as const];
  const environment: Record<string, string> = { GIT_CONFIG_COUNT: String(config.length) };
  config.forEach(([key, value], position) => {
    environment[`GIT_CONFIG_KEY_${position}`] = key;
    environment[`GIT_CONFIG_VALUE_${position}`] = value;
  });
  return {
    ...environment,
    LOCAL_GITHUB_PROTECTED: protectedRefs.join(' '),
    LOCAL_GITHUB_WORKFLOWS: workflows ? 'refuse' : 'allow',
  };
}

function stringsOf(values: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(Object(values)).map(([key, value]) => [key, String(value)]));
}
