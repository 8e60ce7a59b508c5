/** Settings after the three layers were read and narrowed; every default filled in. */

/** The operator's file on the server: the only place for commands, secrets and ceilings. */
export interface OperatorSettings {
  /** Globs on owner/repo; null: any repository in which the app is installed and the sender can write. */
  controlRepositories: readonly string[] | null;
  caps: { system: number; perUser: number };
  /** Content-creating requests of one installation. */
  contentBudget: { perMinute: number; perHour: number };
  effects: EffectWaits;
  agents: Readonly<Record<string, AgentDefinition>>;
  /** Name of the agent for nodes that choose none; null: such nodes are refused. */
  defaultAgent: string | null;
  keepWorkspaces: 'failed' | 'all' | 'none';
  /** How long what runs may go on after SIGTERM, in milliseconds. */
  drainMs: number;
  /** How much work of nodes, in milliseconds, is written down as soon as nothing of the task runs. */
  journalAfterMs: number;
  /** required: no start without it; optional: where the machine allows it; off: commands have the rights of the server. */
  sandbox: 'required' | 'optional' | 'off';
  box: BoxSettings;
  /** US dollars that the fleets of one person may cost together within 24 hours; null: no such ceiling. */
  maxUserBudgetUsdPerDay: number | null;
  disk: DiskLimits;
  api: ApiSettings;
  notify: NotifyDefinition;
  /** Where metrics can be read; null: nowhere. */
  metrics: MetricsSettings | null;
  /** What every layer may set; here the widest. Only `narrow` turns it into what holds for a fleet. */
  shared: OperatorShared;
}

/** How long is waited for GitHub, in milliseconds. */
interface EffectWaits {
  /** After a request or a push without an answer, before it is looked for. */
  unansweredWaitMs: number;
  /** Between the two looks that must find nothing before a creation is sent again. */
  betweenLooksMs: number;
  /** A request without an answer is cut after this. */
  requestTimeoutMs: number;
  /** A fetch or a push is cut after hearing next to nothing for this. */
  gitTimeoutMs: number;
}

/** Where notifications may go, and with what they are signed. */
interface NotifyDefinition {
  /** `example.com`, `*.example.com`, each with its port where it is not 443; empty: no webhook is ever sent. */
  hosts: readonly string[];
  /** Variable of the server's environment that holds the secret with which bodies are signed; null: they are not. */
  secretFrom: string | null;
  /** Variable that holds the address for fleets whose settings name none; null: there is none. */
  webhookFrom: string | null;
}

/** What a layer says of notifications; null: nothing. */
interface LayerNotify {
  mention: boolean | null;
  /** An address that the operator's hosts allow. */
  webhook: string | null;
}

export interface OperatorShared extends Omit<SharedSettings, 'notify'> {
  notify: Pick<LayerNotify, 'mention'>;
  /** The operator's file has the key `dispatchers`, even an empty one: the organization adds no other. */
  dispatchersFixed?: boolean;
}

/** One of both at least. */
interface MetricsSettings {
  /** A listener of its own; port 0: any free one. */
  listen: { host: string; port: number } | null;
  /** Variable of the server's environment with the token for `/metrics` on the server's own port. */
  tokenFrom: string | null;
}

/** What Flotilla may keep under its data directory, in bytes and milliseconds. */
export interface DiskLimits {
  /** Of all workspaces together; over it no task begins. */
  workspacesBytes: number;
  /** Of all mirrors together. */
  mirrorsBytes: number;
  /** Of one workspace; over it its task fails. */
  perWorkspaceBytes: number;
  /** After the end of a task whose workspace is kept. */
  retentionMs: number;
  /** After the end of a delivery, whose row is then removed. */
  deliveriesMs: number;
}

/** The HTTP API under `/v1`. */
export interface ApiSettings {
  /** Personal access tokens are taken besides the tokens that were issued to this app. */
  allowPat: boolean;
  /** What tokens of GitHub Actions' jobs must be made for: this server's address; null: none is taken. */
  audience: string | null;
  /** Of one caller. */
  requestsPerMinute: number;
}

/** What every command and agent may see and use besides its clone. */
interface BoxSettings {
  /** Absolute paths, read-only. */
  read: readonly string[];
  /** Hosts: `example.com`, `*.example.com`, each with a port where it is not 443 or 80. */
  network: readonly string[];
  /** Processes and threads of one box. */
  processes: number;
  /** Of all processes of one box together. */
  memoryBytes: number;
  /** Of each process. */
  cpuMs: number;
  /** Of the largest file. */
  fileBytes: number;
}

/** US dollars of a million tokens. */
export interface TokenPrices {
  input: number;
  output: number;
  cachedInput: number;
}

/** The model's API, reached through a proxy outside the box that adds the key. */
export interface ModelApiDefinition {
  url: string;
  /** Variable of the server's environment that holds the key. */
  keyFrom: string;
  header: string;
  /** What stands before the key in the header: `Bearer `, or nothing. */
  prefix: string;
}

export interface AgentDefinition {
  command: string;
  args: readonly string[];
  /** Variables as they stand in the settings; `{{model_url}}` in a value, and in `args`, is where the model is. */
  env: Readonly<Record<string, string>>;
  /** As the agent names it; null: its own default. */
  model: string | null;
  read: readonly string[];
  network: readonly string[];
  modelApi: ModelApiDefinition | null;
  /** US dollars of one session; null: no limit of the agent's own. */
  budgetUsd: number | null;
  /** For agents that tell tokens and no cost; null: their cost is unknown. */
  prices: TokenPrices | null;
  /** Names of variables of the server's environment that the agent gets. */
  envFrom: readonly string[];
  /** US dollars at which a session of unknown cost counts against budgets. */
  worstCaseUsd: number;
}

/** What the organization's and the control repository's `.github/fleet.yml` may narrow. */
export interface SharedSettings {
  /** A plan with more targets waits for approval. */
  confirmOver: number;
  /** Tasks of one fleet at once; null: only the caps hold. */
  parallel: number | null;
  /** null: every configured agent. */
  agents: readonly string[] | null;
  /** Globs; changes there are refused. */
  protectedPaths: readonly string[];
  maxFiles: number;
  maxBytes: number;
  /** US dollars that all agents of one fleet may cost together; null: only the workflow's own limit. */
  maxFleetBudgetUsd: number | null;
  /** The control repository may be more visible than a target. */
  allowMoreVisibleControlRepository: boolean;
  /** null: whoever can write to the control repository. */
  approvers: readonly string[] | null;
  notSender: boolean;
  dispatchers: readonly Dispatcher[];
  /** `webhook` null: the operator's, if there is one. */
  notify: { mention: boolean; webhook: string | null };
}

/** One `.github/fleet.yml`; null: this layer does not say. */
export interface LayerSettings {
  confirmOver: number | null;
  parallel: number | null;
  agents: readonly string[] | null;
  protectedPaths: readonly string[] | null;
  maxFiles: number | null;
  maxBytes: number | null;
  maxFleetBudgetUsd: number | null;
  allowMoreVisibleControlRepository: boolean | null;
  approvers: readonly string[] | null;
  notSender: boolean | null;
  dispatchers: readonly Dispatcher[] | null;
  notify: LayerNotify;
}

/** A bot that may ask on a person's behalf. */
export interface Dispatcher {
  login: string;
  /** owner/name of the control repository. */
  repository: string;
  workflows: readonly string[];
  /** Targets outside are left out; empty: no bound. */
  within: { tag: readonly string[] };
  /** Login of the person whose permission counts. */
  runAs: string;
}
