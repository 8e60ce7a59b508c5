import { z } from 'zod';
import { isLoopback } from '../loopback.ts';
import { pathGlobProblem } from '../path-glob.ts';
import { repositoryGlobProblem } from '../selection/repository-glob.ts';
import { durationMs } from '../workflow/duration.ts';
import { byteSize } from './byte-size.ts';

/** The three settings files as people write them. Messages complete the sentence "`key` must be …". */

const LONGEST_TEXT = 1000;
/** Layers are compared entry by entry. */
const LONGEST_LIST = 1000;
const MOST_DISPATCHERS = 100;
const MOST_WORKFLOWS = 100;
const MOST_PATH_GLOBS = 50;

const count = (least: number) => {
  const error = `must be a whole number from ${least} on`;
  return z.int({ error }).min(least, { error });
};
const NO_SIZE = 'must be a size, such as `500MiB` or `20GiB`';
const MOST_USD = 100_000;
const NO_BUDGET = `must be US dollars, more than 0 and at most ${MOST_USD}`;
const NO_COST = `must be US dollars from 0 to ${MOST_USD}`;
const size = z
  .string({ error: NO_SIZE })
  .refine((text) => byteSize(text) !== null, { error: NO_SIZE })
  .transform((text) => byteSize(text) ?? 0);
const time = (least: string, most: string) => {
  const [leastMs, mostMs] = [least, most].map((text) => durationMs(text, Number.POSITIVE_INFINITY) ?? 0);
  const error = `must be a time from \`${least}\` to \`${most}\`, such as \`${least}\``;
  const read = (text: string) => durationMs(text, mostMs) ?? -1;
  return z
    .string({ error })
    .refine((text) => read(text) >= (leastMs ?? 0), { error })
    .transform(read);
};
const budget = z.number({ error: NO_BUDGET }).positive({ error: NO_BUDGET }).max(MOST_USD, { error: NO_BUDGET });
const cost = z.number({ error: NO_COST }).min(0, { error: NO_COST }).max(MOST_USD, { error: NO_COST });
const flag = z.boolean({ error: 'must be `true` or `false`' });
const text = (error: string, shape: RegExp) => z.string({ error }).max(LONGEST_TEXT, { error }).regex(shape, { error });
const list = <T extends z.ZodType>(item: T, of: string, most = LONGEST_LIST) =>
  z.array(item, { error: `must be a list of ${of}` }).max(most, { error: `must be a list of at most ${most} ${of}` });
const oneOrMore = <T extends z.ZodType>(item: T, of: string, most = LONGEST_LIST) =>
  z.preprocess((value) => (typeof value === 'string' ? [value] : value), list(item, of, most));

const login = text("must be a person's login", /^[A-Za-z0-9][A-Za-z0-9_-]*$/);
const senderLogin = text('must be a login, such as `github-actions[bot]`', /^[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?$/);
const repository = text('must be a repository as `owner/name`', /^[\w.-]+\/[\w.-]+$/);
const workflow = text("must be a workflow's name", /^[a-z0-9][a-z0-9._-]{0,99}$/);
const agentName = text("must be an agent's name: small letters, digits, `.`, `_`, `-`", /^[a-z0-9][a-z0-9._-]*$/);
const tag = text('must be a tag such as `platform:my-app`', /^\P{Cc}*[^\p{Cc}\s]\P{Cc}*$/u);
const variable = text("must be a variable's name", /^[A-Za-z_][A-Za-z0-9_]*$/);
const globOf = (on: string, problemOf: (glob: string) => string | undefined) =>
  z.string({ error: `must be a glob on ${on}` }).superRefine((glob, context) => {
    const problem = problemOf(glob);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: `must be a glob on ${on}; ${problem}` });
  });
const repositoryGlob = globOf('owner/repo', repositoryGlobProblem);
const pathGlob = globOf('paths', pathGlobProblem);

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

/** An address has its secret in its path: none of these messages repeats it. */
const NO_WEBHOOK = 'must be the address of a webhook, such as `https://hooks.example.com/services/one`';
const webhook = text(NO_WEBHOOK, /^https?:\/\/[^\s@#\\]+$/)
  .refine((url) => URL.canParse(url), { error: NO_WEBHOOK })
  .refine((url) => !/^http:/i.test(url) || !URL.canParse(url) || isLoopback(new URL(url).host), {
    error: 'must be https://: over http everybody on the way could read it; http:// is for a receiver on this machine',
  });
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

/** What these hold is the machine's: a box has its own. */
const absolutePath = text(
  'must be an absolute path without `..`, and not in /proc, /dev or /sys',
  /^\/(?!(?:.*\/)?\.\.(?:\/|$))(?!(?:proc|dev|sys)(?:\/|$))[^\p{Cc}/][^\p{Cc}]*$/u,
);
const host = text(
  'must be a host, such as `npm.example.com`, `*.example.com` or `models.example.com:8443`',
  /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i,
).refine((written) => URL.canParse(`http://${written.replace('*.', '')}`) && !/:0+$/.test(written), {
  error: 'must be a host that can exist, with a port from 1 to 65535',
});
const plainText = z
  .string({ error: 'must be a text; put numbers into quotes' })
  .max(64 * 1024)
  .regex(/^[^\0]*$/);
const environment = z.record(variable, plainText, { error: 'must be `NAME: text` lines' });

const NO_API = 'must be the address of an API, such as `https://api.example.com/v1`';
const modelUrl = text(NO_API, /^https?:\/\/[^\s@?#]+$/)
  .refine((url) => URL.canParse(url), { error: NO_API })
  .refine((url) => !/^http:/i.test(url) || !URL.canParse(url) || isLoopback(new URL(url).host), {
    error: 'must be https://: over http the key would travel readable; http:// is for a model on this machine',
  });

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
  },
  { error: 'must hold `unanswered_wait`, `between_looks` and `request_timeout`' },
);

const audience = text(
  'must be the address of this server, such as `https://flotilla.example.com`',
  /^https?:\/\/[^\s?#]+$/,
);
const api = z.strictObject(
  { allow_pat: flag.optional(), audience: audience.optional(), requests_per_minute: count(1).optional() },
  { error: 'must hold `allow_pat`, `audience` and `requests_per_minute`' },
);
const NO_METRICS = 'must hold `listen`, `token_from` or both';
const listen = text(
  'must be where to listen, such as `127.0.0.1:9464` or `[::1]:9464`',
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[\da-fA-F:.]+\]):\d{1,5}$/,
).refine((written) => Number(written.slice(written.lastIndexOf(':') + 1)) <= 65_535, {
  error: 'must be where to listen, with a port up to 65535',
});
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
