import { loopEnds } from '../../core/workflow/loop-ends.ts';
import type { LoopNode } from '../../core/workflow/types.ts';
import type { OpenRun } from '../context.ts';
import { failed, type NodeResult, withEarlier } from '../node-result.ts';
import { logName, type NodeRun } from '../scope.ts';
import { commandPrompt } from './command.ts';
import { runAgent } from './run-agent.ts';
import { untilBashHolds } from './until-bash.ts';

/** The same prompt again and again, each time in a fresh session, until one of its ends is reached. */
export async function runLoop(run: OpenRun, of: NodeRun<LoopNode>): Promise<NodeResult> {
  const { node } = of;
  let previousOutput = '';
  let earlier: NodeResult | null = null;
  for (let iteration = 1; ; iteration += 1) {
    const now = { ...of, scope: { ...of.scope, loop: { iteration, previousOutput } } };
    const ask = { ...node, prompt: commandPrompt(run, now), logName: `${logName(of)}.${iteration}` };
    const result = await runAgent(run, now, ask);
    const soFar: NodeResult = earlier === null ? result : withEarlier(earlier, result);
    earlier = soFar;
    if (result.status !== 'completed') return soFar;
    if (loopEnds(node, result.output) || (await untilBashHolds(run, now, node, result.output))) return soFar;
    if (run.signal.aborted) return failed(soFar, 'cancelled', 'was stopped.');
    if (iteration === node.maxIterations) return failed(soFar, 'agent', unfinished(node.maxIterations));
    previousOutput = result.output;
  }
}

export const unfinished = (iterations: number): string =>
  `reached none of its ends in ${iterations} ${iterations === 1 ? 'iteration' : 'iterations'}.`;
