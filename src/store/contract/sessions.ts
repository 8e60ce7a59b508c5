import type { EarlierCosts } from '../../core/agent-estimate.ts';
import type { Counted } from '../../core/budget.ts';
import type { Spent, Tokens } from '../../core/spent.ts';

/** One prompt to one agent, as it begins: it counts for its worst case until the agent tells. */
export interface NewSession {
  id: string;
  fleetId: string;
  taskId: string;
  attempt: number;
  /** Of its node, without iterations: sessions of a place share the node's budget. */
  place: string;
  /** With iterations. */
  nodeId: string;
  /** On whom its cost counts. */
  userId: number;
  /** Epoch milliseconds. */
  startedAt: number;
  /** US dollars. */
  worstUsd: number;
}

/** How it ended. US dollars; `costUsd` null: unknown. */
interface SessionEnd {
  costUsd: number | null;
  computed: boolean;
  countedUsd: number;
  tokens: Tokens | null;
}

/** Whose sessions are summed. `since`, epoch milliseconds: of a node those that began then or later, of a user after it. */
export type SessionsOf =
  | { of: 'node'; taskId: string; attempt: number; place: string; since: number }
  | { of: 'task'; taskId: string }
  | { of: 'fleet'; fleetId: string }
  | { of: 'user'; userId: number; since: number };

export interface SessionReads {
  /** `except`: without this session. */
  counted(of: SessionsOf, except?: string): Promise<Counted>;
  /** Those of a user that began after `since`, the oldest first. */
  ofUser(userId: number, since: number): Promise<{ startedAt: number; countedUsd: number }[]>;
  /** Whether the node, with its iterations, has asked an agent in this attempt. */
  asked(taskId: string, attempt: number, nodeId: string): Promise<boolean>;
  /** Of a control repository's fleets of the workflow, by sessions that began after `since`; null: none told a cost. */
  earlierCosts(controlRepositoryId: number, workflow: string, since: number): Promise<EarlierCosts | null>;
  /** Of each task of the fleet, or of one, that has asked an agent, over all attempts; by task id. */
  spentOfFleet(fleetId: string, taskId?: string): Promise<Map<string, Spent>>;
}

/**
 * Not under the fence of the task: what a session has cost is true whoever holds it now. Each write keeps the sums in the
 * task's row up to date.
 */
export interface SessionWrites {
  begin(session: NewSession): Promise<void>;
  /** What the agent has told so far, cumulative US dollars. */
  tell(id: string, costUsd: number): Promise<void>;
  settle(id: string, end: SessionEnd): Promise<void>;
  /** It never got a prompt, so it is as if it had not been. */
  discard(id: string): Promise<void>;
  /** Those at work whose task no worker has are over: they stay counted, and what they came to is not known. */
  loseStopped(): Promise<void>;
  /** The same of one node, which never asks two agents at once. */
  loseNode(of: { taskId: string; attempt: number; nodeId: string }): Promise<void>;
}
