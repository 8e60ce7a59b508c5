import { addUsd } from '../core/budget.ts';
import type { FailureCategory } from '../core/failures.ts';
import { addTokens } from '../core/spent.ts';
import type { AgentTokens } from '../ports/agent.ts';

/** How a node ended. `reason` completes the sentence "Node `x` …" when it failed. */
export interface NodeResult {
  status: 'completed' | 'failed' | 'skipped';
  exitCode: number | null;
  output: string;
  /** End of standard output and error together. */
  tail: string;
  logFile: string | null;
  /** US dollars that are known, of all its sessions; null: nothing is. */
  costUsd: number | null;
  /** Something of `costUsd` was computed from tokens and prices. */
  costComputed: boolean;
  /** That are known, of all its sessions; null: nothing is. */
  tokens: AgentTokens | null;
  /** As the last agent that was asked told them, cleaned. */
  agent: string | null;
  model: string | null;
  category: FailureCategory | null;
  reason: string;
}

/** What a result holds before anything ran. */
export const NOTHING_RAN = {
  exitCode: null,
  output: '',
  tail: '',
  logFile: null,
  costUsd: null,
  costComputed: false,
  tokens: null,
  agent: null,
  model: null,
} as const;

export const SKIPPED: NodeResult = { ...NOTHING_RAN, status: 'skipped', category: null, reason: '' };

export const completed = (output: string): NodeResult => ({
  ...NOTHING_RAN,
  status: 'completed',
  output,
  tail: output,
  category: null,
  reason: '',
});

/** The same result, failed after all. */
export const failed = (
  result: Omit<NodeResult, 'status' | 'category' | 'reason'>,
  category: FailureCategory,
  reason: string,
): NodeResult => ({ ...result, status: 'failed', category, reason });

type Cost = Pick<NodeResult, 'costUsd' | 'costComputed' | 'tokens' | 'agent' | 'model'>;

/** A node's later result, with what its earlier sessions came to: sums of what is known; null: nothing is. */
export const withEarlier = <Result extends Cost>(earlier: Cost, later: Result): Result => ({
  ...later,
  costUsd:
    earlier.costUsd === null || later.costUsd === null
      ? (later.costUsd ?? earlier.costUsd)
      : addUsd(earlier.costUsd, later.costUsd),
  costComputed: earlier.costComputed || later.costComputed,
  tokens: addTokens(earlier.tokens, later.tokens),
  agent: later.agent ?? earlier.agent,
  model: later.model ?? earlier.model,
});
