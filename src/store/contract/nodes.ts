import type { FailureCategory } from '../../core/failures.ts';
import type { NodeStatus } from '../../core/status.ts';
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
  costUsd: number | null;
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
  /** Of the newest attempt of each task of the fleet, in plan order. */
  summariesOfFleet(fleetId: string): Promise<NodeSummary[]>;
}

export interface NodeWrites {
  /** Inserts or replaces under the task's fence, and records node_started or node_ended. */
  put(lease: Lease, node: NodeRow, now: number): Promise<void>;
}
