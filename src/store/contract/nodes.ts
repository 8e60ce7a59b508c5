import type { FailureCategory } from '../../core/failures.ts';
import type { NodeStatus } from '../../core/status.ts';
import type { AgentTokens } from '../../ports/agent.ts';
import type { Lease } from './lease.ts';

export interface NodeRow {
  taskId: string;
  attempt: number;
  nodeId: string;
  kind: string;
  status: NodeStatus;
  exitCode: number | null;
  /** Bounded by the worker to 1 MiB. */
  output: string;
  /** End of standard output and error together, for failures; at most 8 KiB. */
  tail: string;
  logFile: string | null;
  /** US dollars that are known, of all its sessions; null: nothing is. */
  costUsd: number | null;
  /** Something of `costUsd` was computed from tokens and prices. */
  costComputed: boolean;
  /** That are known, of all its sessions; null: nothing is. */
  tokens: AgentTokens | null;
  /** Name and version as the last agent that was asked told them, cleaned: `opencode 1.18.33`; null: it told nothing. */
  agent: string | null;
  /** The model that this agent told it used, cleaned; null: it told nothing. */
  model: string | null;
  startedAt: number | null;
  endedAt: number | null;
  /** Of a failed one. */
  category: FailureCategory | null;
  /** Completes the sentence "Node `x` …" of a failed one. */
  reason: string;
}

/** What is told of a node: a fleet's outputs together can be gigabytes. */
export type NodeSummary = Omit<NodeRow, 'output'>;

export interface NodeReads {
  ofTask(taskId: string, attempt: number): Promise<NodeRow[]>;
  /** As they began. */
  summariesOfTask(taskId: string, attempt: number): Promise<NodeSummary[]>;
  /** Of the newest attempt of each task of the fleet, in plan order. */
  summariesOfFleet(fleetId: string): Promise<NodeSummary[]>;
}

export interface NodeWrites {
  /** Inserts or replaces under the task's fence, and records node_started or node_ended. */
  put(lease: Lease, node: NodeRow, now: number): Promise<void>;
}
