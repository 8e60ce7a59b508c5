import type { Box } from './sandbox.ts';

/** One prompt to a coding agent over the Agent Client Protocol, in a fresh session. */
export interface AgentRequest {
  command: string;
  args: readonly string[];
  /** The clone; the agent's working directory. */
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** The operator's own variables; `{{model_url}}` in them, and in `args`, stands for where the model is. */
  variables: Readonly<Record<string, string>>;
  /** What it may see, use and reach. */
  box: Box;
  /** As the agent names it; null: its own default. */
  model: string | null;
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

/** Of one session, cumulative; a part that the agent does not tell apart is 0. */
export interface AgentTokens {
  input: number;
  output: number;
  /** Read from the provider's cache, not in `input`. */
  cachedInput: number;
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
    /** It cannot do what the operator's settings ask for: its model, its login. */
    | 'not_configured'
    | 'error';
  /** The agent's last message. */
  text: string;
  /** US dollars, cumulative for the session; null: the agent does not say, which is unknown and not zero. */
  costUsd: number | null;
  /** Tokens of the session; null: the agent does not say, which is unknown and not zero. */
  tokens: AgentTokens | null;
  /** Name and version as the agent tells them, `opencode 1.18.33`; null: it does not. */
  agent: string | null;
  /** The model that the agent says it uses; null: it does not. */
  model: string | null;
  /** It got the prompt, so the session may have cost something. */
  prompted: boolean;
  /** What went wrong, when the stop reason is error or not_configured. */
  message: string | null;
}

export interface Agents {
  run(request: AgentRequest): Promise<AgentResult>;
}
