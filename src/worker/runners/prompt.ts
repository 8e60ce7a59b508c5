import { join } from 'node:path';
import type { FailureCategory } from '../../core/failures.ts';
import type { PromptNode } from '../../core/workflow/types.ts';
import type { AgentResult } from '../../ports/agent.ts';
import type { OpenRun } from '../context.ts';
import type { NodeResult } from '../node-result.ts';

/** Gives the rendered prompt to the agent that the plan chose, in a fresh session. */
export async function runPrompt(
  run: OpenRun,
  node: PromptNode,
  prompt: string,
  env: Readonly<Record<string, string>>,
): Promise<NodeResult> {
  const name = run.fleet.plan.agents[node.id];
  const agent = name === undefined ? undefined : run.context.configuredAgents[name];
  if (agent === undefined) {
    const reason = `needs the agent ${JSON.stringify(name ?? '')}, which the operator's settings no longer have.`;
    return { ...NOTHING_RAN, status: 'failed', category: 'config', reason };
  }
  const transcriptFile = join(run.workspace.logs, `${node.id}.jsonl`);
  const result = await run.context.agents.run({
    command: agent.command,
    args: agent.args,
    cwd: run.workspace.tree,
    env: { ...env, ...agent.env },
    prompt,
    timeoutMs: node.timeoutMs,
    idleTimeoutMs: node.idleTimeoutMs,
    signal: run.signal,
    transcriptFile,
    pidsFile: run.workspace.pids,
    secrets: Object.values(agent.env),
  });
  const ended = {
    ...NOTHING_RAN,
    output: result.text,
    tail: result.text,
    logFile: transcriptFile,
    costUsd: result.costUsd,
  };
  const failure = failureOf(result, node);
  return failure === null
    ? { ...ended, status: 'completed', category: null, reason: '' }
    : { ...ended, status: 'failed', ...failure };
}

const NOTHING_RAN = { exitCode: null, output: '', tail: '', logFile: null, costUsd: null } as const;

function failureOf(result: AgentResult, node: PromptNode): { category: FailureCategory; reason: string } | null {
  switch (result.stopReason) {
    case 'end_turn':
      return null;
    case 'refusal':
      return { category: 'agent_refused', reason: 'was refused by the agent.' };
    case 'timed_out':
      return { category: 'timeout', reason: `ran longer than ${node.timeoutMs / 1000} s.` };
    case 'idle':
      return { category: 'timeout', reason: `heard nothing from the agent for ${node.idleTimeoutMs / 1000} s.` };
    case 'max_tokens':
    case 'max_turn_requests':
    case 'cancelled':
      return { category: 'agent', reason: `stopped early (${result.stopReason}).` };
    case 'error':
      return { category: 'agent', reason: `failed: ${result.message ?? 'the agent gave no reason'}` };
  }
}
