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
  disk: DiskLimits;
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
}

export interface OperatorShared extends SharedSettings {
  /** The operator's file has the key `dispatchers`, even an empty one: the organization adds no other. */
  dispatchersFixed?: boolean;
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

interface AgentDefinition {
  command: string;
  args: readonly string[];
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
