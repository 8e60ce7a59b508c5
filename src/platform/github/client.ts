import { withCustomRequest } from '@octokit/graphql';
import { Octokit } from '@octokit/rest';
import { ProbotOctokit } from 'probot';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Instruments } from '../../ports/metrics.ts';
import { announcedFetch } from './announced-fetch.ts';
import type { Pause } from './pace.ts';
import { applyRequestPolicy, type RequestPolicy } from './request-policy.ts';

export interface ConnectionOptions {
  /** `https://api.github.com`, or a GitHub Enterprise Server's `https://host/api/v3`. */
  apiUrl: string;
  log: Log;
  clock: Clock;
  fetch?: typeof globalThis.fetch;
  /** Default 15 s. */
  timeoutMs?: number;
  /** Default 0.5 s and 2 s. */
  readRetryDelaysMs?: readonly number[];
  /** Default: nobody counts. */
  instruments?: Pick<Instruments, 'githubAnswered'> | undefined;
  /** How a paced read waits for its turn. Default: with a timer. */
  pause?: Pause;
}

export interface ClientOptions extends ConnectionOptions {
  appId: number;
  /** PEM. */
  privateKey: string;
}

/** Speaks as the app itself, with its JWT; only for `/app` and below. */
export type AppClient = Pick<ProbotOctokit, 'request'>;

/** Speaks as the app in one installation. */
export interface InstallationClient {
  octokit: Octokit;
  graphql: ReturnType<typeof withCustomRequest>;
  clock: Clock;
}

const policyOf = (options: ConnectionOptions, installationId: number | null = null): RequestPolicy => ({
  clock: options.clock,
  log: options.log,
  timeoutMs: options.timeoutMs ?? 15_000,
  readRetryDelaysMs: options.readRetryDelaysMs ?? [500, 2000],
  answered: (answer) => options.instruments?.githubAnswered({ installationId, ...answer }),
});

/** Octokit's own log carries whole requests, their authorization included. */
function quietLog() {
  const nothing = () => {};
  return { debug: nothing, info: nothing, warn: nothing, error: nothing };
}

const connection = (options: ConnectionOptions, as: 'app' | 'person' = 'app') => ({
  baseUrl: options.apiUrl,
  // GitHub asks for the application's name: https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent
  userAgent: as === 'app' ? 'flotilla' : 'fleet-command',
  log: quietLog(),
  request: { fetch: announcedFetch(options.apiUrl, options.fetch, as) },
});

export function createAppClient(options: ClientOptions): AppClient {
  const octokit = new ProbotOctokit({
    ...connection(options),
    auth: { appId: options.appId, privateKey: options.privateKey },
    throttle: { enabled: false },
    retry: { enabled: false },
  });
  applyRequestPolicy(octokit, policyOf(options, null));
  return octokit;
}

/** Without authorization: what everybody may read. Its limits are this address's, so that nobody counts it. */
export function createPublicClient(options: ClientOptions): Octokit {
  const octokit = new Octokit(connection(options));
  applyRequestPolicy(octokit, { ...policyOf(options, null), answered: () => {} });
  return octokit;
}

/** As the app's OAuth client, by its id and secret. */
export function createBasicClient(options: ClientOptions, client: { id: string; secret: string }): Octokit {
  const credentials = Buffer.from(`${client.id}:${client.secret}`).toString('base64');
  const octokit = new Octokit(connection(options));
  applyRequestPolicy(octokit, { ...policyOf(options), authorization: async () => `basic ${credentials}` });
  return octokit;
}

/** Neither throttled nor retried by plugins: the pace is effects/', and only the policy knows what may be repeated. */
export function createInstallationClient(
  options: ClientOptions & { installationId?: number },
  token: (fresh: boolean) => Promise<string>,
): InstallationClient {
  const octokit = new Octokit(connection(options));
  const policy = policyOf(options, options.installationId ?? null);
  applyRequestPolicy(octokit, { ...policy, authorization: async (fresh) => `token ${await token(fresh)}` });
  return { octokit, graphql: withCustomRequest(octokit.request), clock: options.clock };
}

/** Speaks as the person whose token it is. */
export function createPersonClient(options: ConnectionOptions, token: string): Octokit {
  const octokit = new Octokit({ ...connection(options, 'person'), auth: token });
  applyRequestPolicy(octokit, policyOf(options));
  return octokit;
}
