import { readYaml } from '../workflow/read/read-yaml.ts';
import type { Fault } from '../workflow/types.ts';
import { checkShape, faultAt } from './check-shape.ts';
import { layerSchema, operatorSchema, settingKeys, type WrittenLayer, type WrittenOperator } from './schema.ts';
import type { Dispatcher, LayerSettings, ModelApiDefinition, OperatorSettings, TokenPrices } from './types.ts';
import { webhookProblem } from './webhook-problem.ts';

export type ParsedSettings<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };

const OPERATOR_ONLY = Object.keys(operatorSchema.shape).filter((key) => !(key in layerSchema.shape));
const WHOSE = { organization: "the organization's settings", repository: "a control repository's settings" } as const;

/** The operator's file; an empty text gives every default. `file` is its name in faults. */
export function parseOperatorSettings(text: string, file: string): ParsedSettings<OperatorSettings> {
  const read = readYaml(text, file);
  if (!read.ok) return read;
  const source = { file, yaml: read.file };
  const shape = checkShape(source, operatorSchema, {
    elsewhere: [],
    elsewhereHint: '',
    at: (path) => settingKeys(operatorSchema, path),
  });
  if (!shape.ok) return shape;
  const written = shape.value;
  const names = Object.keys(written.agents ?? {});
  if (written.default_agent !== undefined && !names.includes(written.default_agent)) {
    const hint = names.length === 0 ? 'Define it under `agents`.' : `Defined are \`${names.join('`, `')}\`.`;
    const message = `\`default_agent\` names \`${written.default_agent}\`, which \`agents\` does not define.`;
    return { ok: false, faults: [faultAt(source, ['default_agent'], { code: 'unknown_agent', message, hint })] };
  }
  return { ok: true, value: operatorSettings(written) };
}

/**
 * A `.github/fleet.yml` below the operator's file. `file` is its name in faults: `acme/.github:.github/fleet.yml`.
 * @param webhookHosts where the operator lets webhooks go
 */
export function parseLayer(
  text: string,
  file: string,
  layer: 'organization' | 'repository',
  webhookHosts: readonly string[] = [],
): ParsedSettings<LayerSettings> {
  const read = readYaml(text, file);
  if (!read.ok) return read;
  const source = { file, yaml: read.file };
  const shape = checkShape(source, layerSchema, {
    elsewhere: OPERATOR_ONLY,
    elsewhereHint: `Remove it from ${WHOSE[layer]} and ask the operator of the server to set it there.`,
    at: (path) => settingKeys(layerSchema, path),
  });
  if (!shape.ok) return shape;
  const webhook = shape.value.notify?.webhook;
  const forbidden = webhook === undefined ? null : webhookProblem(webhook, webhookHosts);
  if (forbidden !== null) {
    return { ok: false, faults: [faultAt(source, ['notify', 'webhook'], { code: 'webhook_host', ...forbidden })] };
  }
  return { ok: true, value: { ...layerSettings(shape.value), notify: notifyOf(shape.value.notify) } };
}

function operatorSettings(written: WrittenOperator): OperatorSettings {
  const { agents: definitions = {}, notify, ...rest } = written;
  const layer = layerSettings(rest);
  const agents = Object.entries(definitions).map(([name, written]) => [name, agentDefinition(written)]);
  const [onlyAgent = null, ...others] = Object.keys(definitions);
  return {
    controlRepositories: written.control_repositories ?? null,
    caps: { system: written.caps?.system ?? 8, perUser: written.caps?.per_user ?? 5 },
    contentBudget: {
      perMinute: written.content_budget?.per_minute ?? 80,
      perHour: written.content_budget?.per_hour ?? 500,
    },
    effects: {
      unansweredWaitMs: written.effects?.unanswered_wait ?? 30_000,
      betweenLooksMs: written.effects?.between_looks ?? 20_000,
      requestTimeoutMs: written.effects?.request_timeout ?? 15_000,
      gitTimeoutMs: written.effects?.git_timeout ?? 60_000,
    },
    agents: Object.fromEntries(agents),
    defaultAgent: written.default_agent ?? (others.length === 0 ? onlyAgent : null),
    keepWorkspaces: written.keep_workspaces ?? 'failed',
    drainMs: written.drain ?? 10_000,
    journalAfterMs: written.journal_after ?? 5_000,
    sandbox: written.sandbox ?? 'required',
    box: boxSettings(written.box ?? {}),
    maxUserBudgetUsdPerDay: written.max_user_budget_usd_per_day ?? null,
    disk: diskLimits(written.disk ?? {}),
    api: {
      allowPat: written.api?.allow_pat ?? false,
      audience: written.api?.audience ?? null,
      requestsPerMinute: written.api?.requests_per_minute ?? 300,
    },
    notify: {
      hosts: notify?.hosts ?? [],
      secretFrom: notify?.secret_from ?? null,
      webhookFrom: notify?.webhook_from ?? null,
    },
    metrics: written.metrics === undefined ? null : metricsSettings(written.metrics),
    shared: {
      confirmOver: layer.confirmOver ?? 25,
      parallel: layer.parallel,
      agents: null,
      protectedPaths: protectedPaths(layer.protectedPaths ?? [], written.allow_workflow_changes ?? false),
      maxFiles: layer.maxFiles ?? 300,
      maxBytes: layer.maxBytes ?? 5 * 1024 * 1024,
      maxFleetBudgetUsd: layer.maxFleetBudgetUsd,
      allowMoreVisibleControlRepository: layer.allowMoreVisibleControlRepository ?? true,
      approvers: layer.approvers,
      notSender: layer.notSender ?? false,
      dispatchers: layer.dispatchers ?? [],
      dispatchersFixed: layer.dispatchers !== null,
      notify: { mention: notify?.mention ?? null },
    },
  };
}

const GIB = 1024 ** 3;
const DAY_MS = 24 * 60 * 60_000;

const diskLimits = (written: NonNullable<WrittenOperator['disk']>): OperatorSettings['disk'] => ({
  workspacesBytes: written.workspaces ?? 20 * GIB,
  mirrorsBytes: written.mirrors ?? 50 * GIB,
  perWorkspaceBytes: written.per_workspace ?? 10 * GIB,
  retentionMs: written.retention ?? 7 * DAY_MS,
  deliveriesMs: written.deliveries ?? 30 * DAY_MS,
});

const boxSettings = (written: NonNullable<WrittenOperator['box']>): OperatorSettings['box'] => ({
  read: written.read ?? [],
  network: written.network ?? [],
  processes: written.processes ?? 2048,
  memoryBytes: written.memory ?? 8 * GIB,
  cpuMs: written.cpu_time ?? 60 * 60_000,
  fileBytes: written.file_size ?? 4 * GIB,
});

const metricsSettings = (written: NonNullable<WrittenOperator['metrics']>): OperatorSettings['metrics'] => {
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(written.listen ?? '') ?? [];
  const listen = host === undefined ? null : { host, port: Number(port) };
  return { listen, tokenFrom: written.token_from ?? null };
};

type WrittenAgent = NonNullable<WrittenOperator['agents']>[string];

const agentDefinition = (written: WrittenAgent): OperatorSettings['agents'][string] => ({
  command: written.command,
  args: written.args ?? [],
  env: written.env ?? {},
  envFrom: written.env_from ?? [],
  model: written.model ?? null,
  read: written.read ?? [],
  network: written.network ?? [],
  modelApi: written.model_api === undefined ? null : modelApiDefinition(written.model_api),
  budgetUsd: written.budget_usd ?? null,
  prices: written.prices === undefined ? null : tokenPrices(written.prices),
  worstCaseUsd: written.worst_case_usd ?? 5,
});

/** Anthropic's and Google's headers hold the key alone. */
const modelApiDefinition = (written: NonNullable<WrittenAgent['model_api']>): ModelApiDefinition => {
  const header = written.header?.toLowerCase() ?? 'authorization';
  const prefix = written.prefix ?? (header === 'authorization' ? 'Bearer ' : '');
  return { url: written.url.replace(/\/+$/, ''), keyFrom: written.key_from, header, prefix };
};

/** Without a price of their own, tokens from the cache cost as much as others. */
const tokenPrices = ({ input, output, cached_input: cachedInput = input }: WrittenPrices): TokenPrices => ({
  input,
  output,
  cachedInput,
});

type WrittenPrices = NonNullable<WrittenAgent['prices']>;

/** Workflows of GitHub Actions run with a repository's secrets: forgetting them in a list of one's own takes nothing away. */
const protectedPaths = (listed: readonly string[], allowWorkflowChanges: boolean): readonly string[] =>
  allowWorkflowChanges ? listed : [...new Set(['.github/workflows/**', ...listed])];

const notifyOf = (written: WrittenLayer['notify']): LayerSettings['notify'] => ({
  mention: written?.mention ?? null,
  webhook: written?.webhook ?? null,
});

function layerSettings(written: Omit<WrittenLayer, 'notify'>): Omit<LayerSettings, 'notify'> {
  return {
    confirmOver: written.confirm_over ?? null,
    parallel: written.parallel ?? null,
    agents: written.agents ?? null,
    protectedPaths: written.protected_paths ?? null,
    maxFiles: written.limits?.max_files ?? null,
    maxBytes: written.limits?.max_bytes ?? null,
    maxFleetBudgetUsd: written.max_fleet_budget_usd ?? null,
    allowMoreVisibleControlRepository: written.allow_more_visible_control_repository ?? null,
    approvers: written.approvers ?? null,
    notSender: written.not_sender ?? null,
    dispatchers: written.dispatchers?.map(dispatcherOf) ?? null,
  };
}

type WrittenDispatcher = NonNullable<WrittenLayer['dispatchers']>[number];

const dispatcherOf = ({ login, repository, workflows, within, run_as: runAs }: WrittenDispatcher): Dispatcher => ({
  login,
  repository,
  workflows,
  within: { tag: within?.tag ?? [] },
  runAs,
});
