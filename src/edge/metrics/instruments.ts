import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { GitHubAnswer, Instruments } from '../../ports/metrics.ts';
import { EVENTS } from '../payloads.ts';
import { createBoundedNames, oneOf } from './bounded-names.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Source: docs.github.com/rest/rate-limit/rate-limit, of which an app meets the first three. */
const RESOURCES = ['core', 'graphql', 'search', 'code_search', 'integration_manifest', 'dependency_snapshots'];
const MOST_INSTALLATIONS = 100;
const MOST_AGENTS = 100;
const MOST_ROUTES = 200;

/** Of answers that people and machines wait for. */
const ANSWER_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];
/** Of what waits for its turn. */
export const WAIT_SECONDS = [1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600, 7 * 24 * 3600];

/** Counts what the rooms tell, from 0 when the process starts. */
export function createInstruments(registry: Registry, workflowName: (name: string) => string): Instruments {
  const registers = [registry];
  const seconds = (ms: number): number => Math.max(0, ms) / 1000;
  const status = (code: number): string => (code === 0 ? 'none' : String(code));

  const webhooks = new Histogram({
    name: 'flotilla_webhook_duration_seconds',
    help: "From a delivery's first byte to its answer, by event and the answer's status",
    labelNames: ['event', 'status'],
    buckets: ANSWER_SECONDS,
    registers,
  });
  // Alerts look for their increase, which Prometheus does not see in a series that begins as 1.
  for (const event of EVENTS) for (const code of ['500', '503', 'none']) webhooks.zero({ event, status: code });
  const deliveryWaits = new Histogram({
    name: 'flotilla_delivery_wait_seconds',
    help: 'From the arrival of a stored delivery until work on it began',
    buckets: WAIT_SECONDS,
    registers,
  });
  const http = new Counter({
    name: 'flotilla_http_requests_total',
    help: "Requests of the HTTP API, by the route's template",
    labelNames: ['route', 'method', 'status'],
    registers,
  });
  const httpDurations = new Histogram({
    name: 'flotilla_http_request_duration_seconds',
    help: 'Of requests of the HTTP API',
    labelNames: ['route', 'method'],
    buckets: ANSWER_SECONDS,
    registers,
  });
  const routeName = createBoundedNames(MOST_ROUTES);
  const sessions = new Counter({
    name: 'flotilla_agent_sessions_total',
    help: 'Prompts to agents that are over, by how their cost is known',
    labelNames: ['agent', 'workflow', 'cost'],
    registers,
  });
  const costs = new Counter({
    name: 'flotilla_agent_cost_usd_total',
    help: 'US dollars that agents told, or that tokens and prices make',
    labelNames: ['agent', 'workflow', 'cost'],
    registers,
  });
  const tokens = new Counter({
    name: 'flotilla_agent_tokens_total',
    help: 'Tokens that agents told, by kind; cached ones are not in input',
    labelNames: ['agent', 'workflow', 'kind'],
    registers,
  });
  const agentName = createBoundedNames(MOST_AGENTS);
  const disk = new Gauge({
    name: 'flotilla_disk_used_bytes',
    help: 'What the last sweep measured in the data directory, by kind',
    labelNames: ['kind'],
    registers,
  });
  const free = new Gauge({
    name: 'flotilla_disk_free_bytes',
    help: 'Of the file system of the data directory, at the last sweep',
    registers,
  });
  // Before the first sweep nothing is known, and 0 would be a full disk.
  free.remove();

  return {
    githubAnswered: createGitHubInstrument(registry),
    webhookAnswered({ event, status: code, durationMs }) {
      webhooks.observe({ event: oneOf(EVENTS, event), status: status(code) }, seconds(durationMs));
    },
    deliveryTaken(waitedMs) {
      deliveryWaits.observe(seconds(waitedMs));
    },
    httpAnswered({ route, method, status: code, durationMs }) {
      const of = { route: routeName(route), method: oneOf(METHODS, method) };
      http.inc({ ...of, status: status(code) });
      httpDurations.observe(of, seconds(durationMs));
    },
    sessionEnded({ agent, workflow, costUsd, computed, tokens: told }) {
      const of = { agent: agentName(agent), workflow: workflowName(workflow) };
      const cost = costUsd === null ? 'unknown' : computed ? 'computed' : 'told';
      sessions.inc({ ...of, cost });
      if (costUsd !== null) costs.inc({ ...of, cost }, costUsd);
      if (told === null) return;
      tokens.inc({ ...of, kind: 'input' }, told.input);
      tokens.inc({ ...of, kind: 'output' }, told.output);
      tokens.inc({ ...of, kind: 'cached_input' }, told.cachedInput);
    },
    diskMeasured({ free: left, ...used }) {
      for (const [kind, bytes] of Object.entries(used)) disk.set({ kind }, bytes);
      if (left !== undefined) free.set(left);
    },
  };
}

function createGitHubInstrument(registry: Registry): (answer: GitHubAnswer) => void {
  const registers = [registry];
  const requests = new Counter({
    name: 'flotilla_github_requests_total',
    help: "Requests of GitHub's API, by the answer's status",
    labelNames: ['method', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'flotilla_github_request_duration_seconds',
    help: "Of requests of GitHub's API",
    labelNames: ['method'],
    buckets: ANSWER_SECONDS,
    registers,
  });
  const limit = (what: string, help: string) =>
    new Gauge({
      name: `flotilla_github_rate_limit${what}`,
      help: `${help}, as the last answer told it; installation app: of the app itself`,
      labelNames: ['installation', 'resource'],
      registers,
    });
  const gauges = [
    ['x-ratelimit-limit', limit('', "GitHub's limit of requests an hour")],
    ['x-ratelimit-remaining', limit('_remaining', "What is left of GitHub's limit")],
    ['x-ratelimit-reset', limit('_reset_timestamp_seconds', "When GitHub's limit begins anew")],
  ] as const;
  const installationName = createBoundedNames(MOST_INSTALLATIONS);
  return ({ installationId, method, status, durationMs, headers }) => {
    const of = { method: oneOf(METHODS, method) };
    requests.inc({ ...of, status: status === 0 ? 'none' : String(status) });
    durations.observe(of, durationMs / 1000);
    const resource = headers['x-ratelimit-resource'];
    if (resource === undefined) return;
    const installation = installationId === null ? 'app' : installationName(String(installationId));
    for (const [header, gauge] of gauges) {
      const value = Number(headers[header] ?? Number.NaN);
      if (Number.isFinite(value)) gauge.set({ installation, resource: oneOf(RESOURCES, String(resource)) }, value);
    }
  };
}
