import { z } from 'zod';
import {
  absolutePath,
  agentName,
  audience,
  budget,
  cost,
  count,
  environment,
  flag,
  host,
  list,
  listen,
  login,
  modelUrl,
  oneOrMore,
  pathGlob,
  plainText,
  repository,
  repositoryGlob,
  senderLogin,
  size,
  tag,
  text,
  time,
  variable,
  webhook,
  workflow,
} from './values.ts';

/** The three settings files as people write them. Messages complete the sentence "`key` must be …". */

const MOST_DISPATCHERS = 100;
const MOST_WORKFLOWS = 100;
const MOST_PATH_GLOBS = 50;

const within = z.strictObject({ tag: oneOrMore(tag, 'tags') }, { error: 'must hold `tag: …`' });
const dispatcher = z.strictObject(
  {
    login: senderLogin,
    repository,
    workflows: oneOrMore(workflow, "workflows' names", MOST_WORKFLOWS),
    within: within.optional(),
    run_as: login,
  },
  { error: 'must hold `login`, `repository`, `workflows` and `run_as`' },
);

const limits = z.strictObject(
  { max_files: count(1).optional(), max_bytes: count(1).optional() },
  { error: 'must hold `max_files` and `max_bytes`' },
);

const shared = {
  confirm_over: count(0).optional(),
  parallel: count(1).optional(),
  protected_paths: list(pathGlob, 'globs on paths', MOST_PATH_GLOBS).optional(),
  limits: limits.optional(),
  max_fleet_budget_usd: budget.optional(),
  allow_more_visible_control_repository: flag.optional(),
  approvers: list(login, "people's logins").optional(),
  not_sender: flag.optional(),
  dispatchers: list(dispatcher, 'dispatchers', MOST_DISPATCHERS).optional(),
};

const settings = 'must be `key: value` lines';

const layerNotify = z.strictObject(
  { mention: flag.optional(), webhook: webhook.optional() },
  { error: 'must hold `mention` and `webhook`' },
);

/** `.github/fleet.yml` of the organization's `.github` repository or of a control repository. */
export const layerSchema = z.strictObject(
  {
    ...shared,
    agents: list(agentName, "agents' names; their commands stand only in the operator's file").optional(),
    notify: layerNotify.optional(),
  },
  { error: settings },
);

const modelApi = z.strictObject(
  {
    url: modelUrl,
    key_from: variable,
    header: text('must be the name of a header', /^[A-Za-z][A-Za-z0-9-]*$/).optional(),
    prefix: text('must be what stands before the key in the header', /^[\x20-\x7e]*$/).optional(),
  },
  { error: 'must hold `url` and `key_from`, and may hold `header` and `prefix`' },
);

const prices = z.strictObject(
  { input: cost, output: cost, cached_input: cost.optional() },
  { error: 'must hold `input` and `output`, US dollars of a million tokens, and may hold `cached_input`' },
);

const agent = z.strictObject(
  {
    command: text('must be the program to start', /^\P{Cc}*[^\p{Cc}\s]\P{Cc}*$/u),
    args: list(plainText, 'texts').optional(),
    env: environment.optional(),
    env_from: list(variable, "names of the server's variables").optional(),
    model: text("must be a model's name", /^\P{Cc}*[^\p{Cc}\s]\P{Cc}*$/u).optional(),
    read: list(absolutePath, 'absolute paths').optional(),
    network: list(host, 'hosts').optional(),
    model_api: modelApi.optional(),
    budget_usd: budget.optional(),
    worst_case_usd: cost.optional(),
    prices: prices.optional(),
  },
  { error: 'must hold `command`, and may hold `args`, `env`, `env_from`, `model`, `network`, `model_api` and more' },
);

const box = z.strictObject(
  {
    read: list(absolutePath, 'absolute paths').optional(),
    network: list(host, 'hosts').optional(),
    processes: count(16).optional(),
    memory: size.optional(),
    cpu_time: time('1s', '7d').optional(),
    file_size: size.optional(),
  },
  { error: 'must hold `read`, `network`, `processes`, `memory`, `cpu_time` and `file_size`' },
);

const caps = z.strictObject(
  { system: count(1).optional(), per_user: count(1).optional() },
  { error: 'must hold `system` and `per_user`' },
);
const contentBudget = z.strictObject(
  { per_minute: count(1).optional(), per_hour: count(1).optional() },
  { error: 'must hold `per_minute` and `per_hour`' },
);
const disk = z.strictObject(
  {
    workspaces: size.optional(),
    mirrors: size.optional(),
    per_workspace: size.optional(),
    retention: time('1h', '365d').optional(),
    // GitHub delivers again for three days, and what is known by then must not run twice.
    deliveries: time('4d', '3650d').optional(),
  },
  { error: 'must hold `workspaces`, `mirrors`, `per_workspace`, `retention` and `deliveries`' },
);

const operatorNotify = z.strictObject(
  {
    mention: flag.optional(),
    hosts: list(host, 'hosts').optional(),
    secret_from: variable.optional(),
    webhook_from: variable.optional(),
  },
  { error: 'must hold `hosts`, `secret_from`, `webhook_from` and `mention`' },
);

const effects = z.strictObject(
  {
    unanswered_wait: time('1s', '1h').optional(),
    between_looks: time('1s', '1h').optional(),
    request_timeout: time('1s', '1m').optional(),
    git_timeout: time('1s', '10m').optional(),
  },
  { error: 'must hold `unanswered_wait`, `between_looks`, `request_timeout` and `git_timeout`' },
);

const api = z.strictObject(
  { allow_pat: flag.optional(), audience: audience.optional(), requests_per_minute: count(1).optional() },
  { error: 'must hold `allow_pat`, `audience` and `requests_per_minute`' },
);
const NO_METRICS = 'must hold `listen`, `token_from` or both';
const metrics = z
  .strictObject({ listen: listen.optional(), token_from: variable.optional() }, { error: NO_METRICS })
  .refine((written) => written.listen !== undefined || written.token_from !== undefined, { error: NO_METRICS });

/** The operator's file on the server. */
export const operatorSchema = z.strictObject(
  {
    ...shared,
    agents: z.record(agentName, agent, { error: 'must hold one `name: { command: … }` an agent' }).optional(),
    allow_workflow_changes: flag.optional(),
    default_agent: agentName.optional(),
    control_repositories: list(repositoryGlob, 'globs on owner/repo').optional(),
    caps: caps.optional(),
    content_budget: contentBudget.optional(),
    effects: effects.optional(),
    keep_workspaces: z.enum(['failed', 'all', 'none'], { error: 'must be `failed`, `all` or `none`' }).optional(),
    drain: time('1s', '1h').optional(),
    journal_after: time('1s', '1h').optional(),
    sandbox: z.enum(['required', 'optional', 'off'], { error: 'must be `required`, `optional` or `off`' }).optional(),
    box: box.optional(),
    max_user_budget_usd_per_day: budget.optional(),
    disk: disk.optional(),
    api: api.optional(),
    notify: operatorNotify.optional(),
    metrics: metrics.optional(),
  },
  { error: settings },
);

export type WrittenLayer = z.infer<typeof layerSchema>;
export type WrittenOperator = z.infer<typeof operatorSchema>;

const NESTED: Readonly<Record<string, z.ZodObject>> = {
  limits,
  caps,
  content_budget: contentBudget,
  effects,
  disk,
  metrics,
  box,
  api,
  dispatchers: dispatcher,
  within,
};

const AGENT_NESTED: Readonly<Record<string, z.ZodObject>> = { model_api: modelApi, prices };

/** The keys that the object at `path` of a settings file may have. */
export function settingKeys(file: typeof layerSchema | typeof operatorSchema, path: readonly PropertyKey[]): string[] {
  const [first, ...rest] = path.filter((step) => typeof step === 'string');
  if (first === undefined) return Object.keys(file.shape);
  if (first === 'notify') return Object.keys(file.shape.notify.unwrap().shape);
  if (first === 'agents') return Object.keys(AGENT_NESTED[rest[1] ?? '']?.shape ?? agent.shape);
  return Object.keys(NESTED[rest.at(-1) ?? first]?.shape ?? {});
}
