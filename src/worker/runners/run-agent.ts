import { join } from 'node:path';
import type { FailureCategory } from '../../core/failures.ts';
import { logFile } from '../../core/log-files.ts';
import { plainLine } from '../../core/render/safe-text.ts';
import type { OutputFormat } from '../../core/workflow/types.ts';
import type { AgentRequest, AgentResult } from '../../ports/agent.ts';
import type { EndedSession } from '../../ports/metrics.ts';
import { childEnvironment } from '../child-environment.ts';
import type { OpenRun } from '../context.ts';
import { failed, NOTHING_RAN, type NodeResult, withEarlier } from '../node-result.ts';
import { operatorSecrets } from '../operator-secrets.ts';
import { type NodeRun, placeOf } from '../scope.ts';
import { agentBox } from '../workspace-box.ts';
import { openBudget } from './budget.ts';
import { checkOutput, readOutput } from './check-output.ts';

/** Of an agent or a model. */
const MAX_NAME = 100;

/** A prompt for the agent that the plan chose. */
export interface Ask {
  prompt: string;
  timeoutMs: number;
  idleTimeoutMs: number;
  outputFormat: OutputFormat | null;
  /** Of the node, all its sessions together, in US dollars. */
  budgetUsd: number | null;
  /** File name of the transcript, without its ending. */
  logName: string;
}

/** In a fresh session; where the answer does not fit `output_format`, once more with what is wrong. */
export async function runAgent(run: OpenRun, of: NodeRun, ask: Ask): Promise<NodeResult> {
  const first = await askOnce(run, of, ask);
  if (ask.outputFormat === null || first.status !== 'completed') return first;
  const { faults } = readOutput(first.output, ask.outputFormat);
  if (faults.length === 0) return checkOutput(first, ask.outputFormat);
  const again = {
    ...ask,
    prompt: `${ask.prompt}\n\n${correction(faults, ask.outputFormat)}`,
    logName: `${ask.logName}.again`,
  };
  const second = await askOnce(run, of, again);
  return checkOutput(withEarlier(first, second), ask.outputFormat);
}

function correction(faults: readonly string[], format: OutputFormat): string {
  return [
    'You have worked on this already, and the work is in the repository. Your last message was not in the form that is needed:',
    ...faults.map((fault) => `- ${fault}`),
    'Answer now with JSON alone that fits this JSON Schema:',
    JSON.stringify(format),
  ].join('\n');
}

async function askOnce(run: OpenRun, of: NodeRun, ask: Ask): Promise<NodeResult> {
  const name = run.fleet.plan.agents[placeOf(of)];
  const agent = name === undefined ? undefined : run.context.configuredAgents[name];
  if (name === undefined || agent === undefined) {
    const reason = `needs the agent ${JSON.stringify(name ?? '')}, which the operator's settings no longer have.`;
    return failed(NOTHING_RAN, 'config', reason);
  }
  const budget = await openBudget(run, of, { budgetUsd: ask.budgetUsd, agent });
  if ('refusal' in budget) {
    return failed({ ...NOTHING_RAN, costUsd: budget.isFirst ? 0 : null }, 'budget', budget.refusal);
  }
  const tellEnd = (cost: Pick<EndedSession, 'costUsd' | 'computed' | 'tokens'>) =>
    run.context.instruments?.sessionEnded({ agent: name, workflow: run.fleet.workflow, ...cost });
  const transcriptFile = join(run.workspace.logs, logFile(run.task.attempt, ask.logName, 'jsonl'));
  const env = await childEnvironment(run, of);
  const request: AgentRequest = {
    command: agent.command,
    args: agent.args,
    cwd: run.workspace.tree,
    env: { ...env, ...agent.env },
    variables: agent.variables,
    box: agentBox(run.workspace, agent),
    model: agent.model,
    prompt: ask.prompt,
    timeoutMs: ask.timeoutMs,
    idleTimeoutMs: ask.idleTimeoutMs,
    signal: run.signal,
    mayCost: budget.mayCost,
    transcriptFile,
    pidsFile: run.workspace.pids,
    // The key too, although the box never has it: APIs like to name the key that they refuse.
    secrets: operatorSecrets({ agent }),
  };
  const result = await run.context.agents.run(request).catch(async (error: unknown) => {
    // What it may have cost stays counted.
    await budget.settle({ costUsd: null, tokens: null, prompted: true }).catch((unsettled: unknown) => {
      run.context.log.warn({ task: run.task.id, err: unsettled }, "a session's cost could not be counted");
    });
    tellEnd({ costUsd: null, computed: false, tokens: null });
    throw error;
  });
  const { over, costUsd, computed } = await budget.settle(result);
  const { text, tokens } = result;
  if (result.prompted || costUsd !== null) tellEnd({ costUsd, computed, tokens });
  const told = { costUsd, costComputed: computed, tokens, agent: named(result.agent), model: named(result.model) };
  const ended = { ...NOTHING_RAN, output: text, tail: text, logFile: transcriptFile, ...told };
  if (over !== null) return failed(ended, 'budget', over);
  const failure = failureOf(result, ask);
  if (failure === null) return { ...ended, status: 'completed', category: null, reason: '' };
  return failed(ended, failure.category, failure.reason);
}

/** Of the agent's own words: one line, bounded and without secrets. */
const named = (told: string | null): string | null => (told === null ? null : plainLine(told, MAX_NAME) || null);

function failureOf(result: AgentResult, ask: Ask): { category: FailureCategory; reason: string } | null {
  switch (result.stopReason) {
    case 'end_turn':
      return null;
    case 'refusal':
      return { category: 'agent_refused', reason: 'was refused by the agent.' };
    case 'timed_out':
      return { category: 'timeout', reason: `ran longer than ${ask.timeoutMs / 1000} s.` };
    case 'idle':
      return { category: 'timeout', reason: `heard nothing from the agent for ${ask.idleTimeoutMs / 1000} s.` };
    case 'max_tokens':
    case 'max_turn_requests':
    case 'over_budget':
    case 'cancelled':
      return { category: 'agent', reason: `stopped early (${result.stopReason}).` };
    case 'not_configured':
      return { category: 'config', reason: `could not begin: ${result.message ?? 'the agent gave no reason'}` };
    case 'error':
      return { category: 'agent', reason: `failed: ${result.message ?? 'the agent gave no reason'}` };
  }
}
