import type { RandomBytes } from '../core/ids.ts';
import type { Repository } from '../core/plan.ts';
import type { TokenPrices } from '../core/settings/types.ts';
import type { Effects } from '../effects/effects.ts';
import type { Agents } from '../ports/agent.ts';
import type { Clock } from '../ports/clock.ts';
import type { GitHub } from '../ports/github.ts';
import type { TaskFacts } from '../ports/github-reads.ts';
import type { Log } from '../ports/log.ts';
import type { Instruments } from '../ports/metrics.ts';
import type { NodeLogs } from '../ports/node-logs.ts';
import type { Processes } from '../ports/process.ts';
import type { ModelApi } from '../ports/sandbox.ts';
import type { SecretScan } from '../ports/secrets.ts';
import type { Workspace, WorkspaceRequest, Workspaces } from '../ports/workspace.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Lease } from '../store/contract/lease.ts';
import type { Store } from '../store/contract/store.ts';
import type { TaskRow } from '../store/contract/tasks.ts';

/** An agent as the operator configured it, its environment resolved. */
export interface ConfiguredAgent {
  command: string;
  args: readonly string[];
  /** Of the server's variables; secrets. */
  env: Readonly<Record<string, string>>;
  /** As the settings have them, with their placeholders. */
  variables: Readonly<Record<string, string>>;
  /** As the agent names it; null: its own default. */
  model: string | null;
  /** Hosts that its box reaches. */
  hosts: readonly string[];
  /** Folders and files that its box has, read-only. */
  read: readonly string[];
  modelApi: ModelApi | null;
  /** US dollars of one session; null: only the workflow's and the fleet's budgets hold. */
  budgetUsd: number | null;
  /** US dollars of a million tokens; null: what tokens cost is unknown. */
  prices: TokenPrices | null;
  /** US dollars at which a session of unknown cost counts against budgets. */
  worstCaseUsd: number;
}

/** What the worker needs of the outside world and of the operator. */
export interface WorkerContext {
  store: Store;
  github: GitHub;
  workspaces: Workspaces;
  processes: Processes;
  agents: Agents;
  secretScan: SecretScan;
  logs: NodeLogs;
  effects: Effects;
  clock: Clock;
  log: Log;
  /** Default: nobody counts. */
  instruments?: Pick<Instruments, 'sessionEnded'> | undefined;
  random: RandomBytes;
  configuredAgents: Readonly<Record<string, ConfiguredAgent>>;
  /** US dollars that the sessions which one person asked for may cost within 24 hours; null: no such ceiling. */
  maxUserBudgetUsdPerDay: number | null;
  keepWorkspaces: 'failed' | 'all' | 'none';
  /** Before a branch is looked at again whose push had no answer, and before GitHub is tried again that gave none. */
  lookAgainMs: number;
  /** Work that took less is not written down for a later worker, as it would be done again sooner. */
  journalAfterMs: number;
  /** Waits that many milliseconds, or until the signal aborts; never throws. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** PATH of every child. */
  childPath: string;
}

/** One claimed task on its way through the spine. */
export interface TaskRun {
  context: WorkerContext;
  fleet: FleetRow;
  task: TaskRow & Lease;
  repository: Pick<Repository, 'fullName' | 'visibility'>;
  workspaceRequest: WorkspaceRequest;
  /** As GitHub told them when this worker took the task. */
  facts: TaskFacts;
  /** When this worker took it, epoch milliseconds. */
  claimedAt: number;
  /** Aborts on cancel, when a drain's grace is over, and at the task's time limit. */
  signal: AbortSignal;
  /** Aborts when a drain begins: from then on nothing of the task starts, what runs goes on. */
  draining: AbortSignal;
}

/** The run with its isolated clone. */
export interface OpenRun extends TaskRun {
  workspace: Workspace;
}
