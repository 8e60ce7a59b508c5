import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { identify } from './access/authenticate.ts';
import { IdTokens, issuerPath, type Job } from './actions/id-tokens.ts';
import { registerActions } from './actions/register.ts';
import type { Actor } from './actor.ts';
import { ApiError } from './api-error.ts';
import type { Context } from './context.ts';
import { FailureScript } from './failure-script.ts';
import { Gate } from './gate.ts';
import { installHooks } from './git/hooks.ts';
import { registerGitHttp } from './git-http.ts';
import { registerGraphql } from './graphql/register.ts';
import { registerManifestPage } from './manifest-page.ts';
import { deleteNamedIssue } from './operations/delete-issue.ts';
import { createPageKey } from './page-key.ts';
import { registerPages } from './pages/register.ts';
import { databaseFiles, makePrivateFolder } from './private-files.ts';
import { defaultLimits, type LimitOptions, RateLimits } from './rate-limits.ts';
import { RepositoryLocks } from './repository-locks.ts';
import { RequestLog } from './request-log.ts';
import { answerUnreadable, registerRest } from './rest/register.ts';
import { applySeed } from './seed/apply-seed.ts';
import { parseSeed, type Seed } from './seed/seed.ts';
import { decideDevice } from './sign-in/decide-device.ts';
import { DeviceCodes } from './sign-in/device-codes.ts';
import { registerSignIn } from './sign-in/register.ts';
import { fullName } from './state/queries.ts';
import { databaseName, State } from './state/state.ts';
import { Webhooks } from './webhooks/webhooks.ts';

export interface LocalGitHubOptions {
  dataDir: string;
  /** 0 or absent: any free port. */
  port?: number;
  /**
   * Epoch milliseconds: for created_at and the like, for rate limits, and for user tokens of apps, device codes and id
   * tokens; never for the expiry of App JWTs and installation tokens.
   */
  now?: () => number;
  log?: (line: string) => void;
  limits?: Partial<LimitOptions>;
  /** How many requests the log keeps; default: 10,000. */
  requestsKept?: number;
}

/** What an app needs to know about itself to connect. */
interface LocalApp {
  id: number;
  slug: string;
  clientId: string;
  clientSecret: string;
  privateKeyPem: string;
  /** The private key's file, mode 0600. */
  privateKeyFile: string;
  webhookSecret: string;
  webhookUrl: string | null;
  botId: number;
  botLogin: string;
  /** Of the first organization. */
  installationId: number;
}

export interface LocalGitHub {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Adds what is not there. @throws Error that lists the seed's faults */
  seed(seed: Seed): Promise<void>;
  /** The first app. @throws Error before one was seeded */
  readonly app: LocalApp;
  /** Login → a person's own token, of people who have one. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Login → user token of the app, where the seed gave one. */
  readonly appTokens: Readonly<Record<string, string>>;
  readonly requests: RequestLog;
  readonly failures: FailureScript;
  readonly context: Context;
  /** What on GitHub only the page and GraphQL can do. @throws Error when there is no such issue or person */
  deleteIssue(issue: { repository: string; number: number; by: string }): void;
  /**
   * What a person does at `/login/device`.
   * @param login null: cancels @throws ApiError 422 for a code that waits no more or somebody who is nobody
   */
  decideDevice(userCode: string, login: string | null): void;
  /**
   * An id token of GitHub Actions for a job, signed by `<url>/_services/token`.
   * @param job.claims replace what GitHub would tell; undefined takes a claim away @throws Error for an unknown repository
   */
  mintIdToken(job: Job & { audience?: string; claims?: Readonly<Record<string, unknown>> }): Promise<string>;
  /** A job's ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN. @throws Error for an unknown repository */
  startJob(job: Job): { url: string; token: string };
  /** Resolves when every webhook delivery so far has been answered. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a GitHub on 127.0.0.1; its state lies in `dataDir`, for its owner's eyes alone, and survives a restart. */
export async function startLocalGitHub(options: LocalGitHubOptions): Promise<LocalGitHub> {
  await makePrivateFolder(options.dataDir, ourFiles);
  const now = options.now ?? Date.now;
  const log = options.log ?? (() => undefined);
  const state = new State(options.dataDir);
  const requests = new RequestLog(options.requestsKept);
  const failures = new FailureScript();
  const gate = new Gate(requests, failures, now);
  const address = { url: '' };
  const context: Context = {
    get baseUrl() {
      return address.url;
    },
    state,
    now,
    requests,
    failures,
    limits: new RateLimits({ ...defaultLimits, ...options.limits }, now),
    webhooks: new Webhooks(state, now, randomUUID, log, (event) => failures.repeats(event)),
    locks: new RepositoryLocks(),
    pageKey: createPageKey(randomBytes(32)),
    deviceCodes: new DeviceCodes(now),
    hooksDirectory: await installHooks(options.dataDir),
    authenticate: rememberingAuthentication(state, gate, now),
    log,
  };
  const idTokens = new IdTokens(context);
  const server = await buildServer(context, gate, idTokens);
  address.url = await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  return {
    url: address.url,
    seed: async (seed) => {
      const full = parseSeed(seed);
      if (full.limits !== undefined) context.limits.configure(full.limits);
      await applySeed(context, full, randomBytes(20).toString('hex'));
      writeKey(context, options.dataDir);
    },
    get app() {
      return describeApp(context, options.dataDir);
    },
    get tokens() {
      return tokensOf(context, 'user');
    },
    get appTokens() {
      return tokensOf(context, 'app-user');
    },
    requests,
    failures,
    context,
    deleteIssue: (issue) => deleteNamedIssue(context, issue),
    decideDevice: (userCode, login) => decideDevice(context, userCode, login),
    mintIdToken: ({ audience, claims, ...job }) => idTokens.mint(job, audience, claims),
    startJob: (job) => ({
      url: `${context.baseUrl}${issuerPath}/request?api-version=2.0`,
      token: idTokens.startJob(job),
    }),
    idle: () => context.webhooks.idle(),
    close: async () => {
      await server.close();
      await context.webhooks.close();
      state.close();
    },
  };
}

/** A repository that was renamed is redirected to by its id, which GitHub answers like its name. */
function byName({ state }: Context, url: string): string {
  const [found, id] = /^\/api\/v3\/repositories\/(\d{1,15})(?=[/?]|$)/.exec(url) ?? [];
  const repository = state.repositories.get(Number(id));
  if (found === undefined || repository === undefined) return url;
  return `/api/v3/repos/${fullName(state, repository)}${url.slice(found.length)}`;
}

function refuseUnreadable({ statusCode = 400, message }: FastifyError, reply: FastifyReply): FastifyReply {
  return reply.code(statusCode).send({ message });
}

async function buildServer(context: Context, gate: Gate, idTokens: IdTokens): Promise<FastifyInstance> {
  const server = fastify({
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
    rewriteUrl: ({ url = '/' }) => byName(context, url),
    frameworkErrors: (error, request, reply) => {
      if (request.url.startsWith('/api/v3/')) return answerUnreadable(context, error, request, reply);
      return refuseUnreadable(error, reply);
    },
  });
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('x-github-request-id', randomUUID().toUpperCase().replaceAll('-', ':').slice(0, 28));
    reply.header('server', 'github.com');
    // By the clock that the limits are counted by, or their reset could not be compared with it.
    reply.header('date', new Date(context.now()).toUTCString());
  });
  gate.register(server);
  server.setErrorHandler((error, request, reply) => {
    if (error instanceof ApiError) return reply.code(error.status).headers(error.headers).send(error.toJSON());
    context.log(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`);
    return reply.code(500).send({ message: 'Server Error' });
  });
  await registerRest(server, context, gate);
  await registerGitHttp(server, context, gate);
  await registerGraphql(server, context);
  await registerManifestPage(server, context);
  await registerSignIn(server, context);
  await registerActions(server, idTokens);
  await registerPages(server, context);
  return server;
}

/** One look at the credentials per request; the request log learns who it was. */
function rememberingAuthentication(state: State, gate: Gate, now: () => number): Context['authenticate'] {
  const known = new WeakMap<FastifyRequest, Promise<Actor>>();
  return (request) => {
    const found = known.get(request);
    if (found !== undefined) return found;
    const identified = identify(state, request.headers.authorization, now()).then((actor) => {
      gate.identified(request, actor);
      return actor;
    });
    known.set(request, identified);
    return identified;
  };
}

const keyName = 'app.pem';
const ourFiles = [...databaseFiles(databaseName), keyName, 'hooks', 'repositories'];

function keyFile(dataDir: string): string {
  return join(dataDir, keyName);
}

function writeKey(context: Context, dataDir: string): void {
  const app = context.state.apps.all()[0];
  if (app === undefined) return;
  writeFileSync(keyFile(dataDir), app.privateKeyPem, { mode: 0o600 });
  chmodSync(keyFile(dataDir), 0o600);
}

function describeApp({ state }: Context, dataDir: string): LocalApp {
  const app = state.apps.all()[0];
  if (app === undefined) throw new Error('the local GitHub has no app yet: seed one');
  const installation = state.installations.find(({ appId }) => appId === app.id);
  return {
    id: app.id,
    slug: app.slug,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    privateKeyPem: app.privateKeyPem,
    privateKeyFile: keyFile(dataDir),
    webhookSecret: app.webhookSecret ?? '',
    webhookUrl: app.webhookUrl,
    botId: app.botId,
    botLogin: state.accounts.need(app.botId).login,
    installationId: installation?.id ?? 0,
  };
}

function tokensOf({ state }: Context, wanted: 'user' | 'app-user'): Record<string, string> {
  const tokens = state.tokens.where(({ kind }) => kind === wanted);
  return Object.fromEntries(tokens.map((token) => [state.accounts.need(token.accountId).login, token.token]));
}
