/** One prompt to a coding agent over the Agent Client Protocol, in a fresh session. */
export interface AgentRequest {
  command: string;
  args: readonly string[];
  /** The clone; the agent's working directory. */
  cwd: string;
  env: Readonly<Record<string, string>>;
  prompt: string;
  timeoutMs: number;
  /** Without any update from the agent for this long, it is cancelled. */
  idleTimeoutMs: number;
  signal: AbortSignal;
  /** Asked for each cost that the agent reports, cumulative US dollars of the session; false: it is stopped. */
  mayCost(costUsd: number): boolean;
  /** Every update is appended here as a line of JSON, without the secrets. */
  transcriptFile: string;
  /** The process group is noted here, so that a later process can end it when this one was killed: `Workspace.pids`. */
  pidsFile: string;
  /** The operator's values in `env`; whatever the agent says is cleared of those of eight characters and more. */
  secrets: readonly string[];
}

export interface AgentResult {
  /** end_turn is success; everything else is not. */
  stopReason:
    | 'end_turn'
    | 'max_tokens'
    | 'max_turn_requests'
    | 'refusal'
    | 'cancelled'
    | 'timed_out'
    | 'idle'
    | 'over_budget'
    | 'error';
  /** The agent's last message. */
  text: string;
  /** US dollars, cumulative for the session; null: the agent does not say, which is unknown and not zero. */
  costUsd: number | null;
  /** It got the prompt, so the session may have cost something. */
  prompted: boolean;
  /** What went wrong, when the stop reason is error. */
  message: string | null;
}

export interface Agents {
  run(request: AgentRequest): Promise<AgentResult>;
}
