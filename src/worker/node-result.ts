import type { FailureCategory } from '../core/failures.ts';

/** How a node ended. `reason` completes the sentence "Node `x` …" when it failed. */
export interface NodeResult {
  status: 'completed' | 'failed' | 'skipped';
  exitCode: number | null;
  output: string;
  /** End of standard output and error together. */
  tail: string;
  logFile: string | null;
  costUsd: number | null;
  category: FailureCategory | null;
  reason: string;
}
