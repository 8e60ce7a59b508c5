import { loopEnds } from '../../core/workflow/loop-ends.ts';
import type { LoopGroupNode } from '../../core/workflow/types.ts';
import type { OpenRun } from '../context.ts';
import { failed, type NodeResult } from '../node-result.ts';
import { type NodeRun, pathOf, type RunGraph } from '../scope.ts';
import { groupResult } from './group-result.ts';
import { unfinished } from './loop.ts';
import { untilBashHolds } from './until-bash.ts';
import { withinTime } from './within-time.ts';

/** All nodes of the group again and again, until one of its ends is reached. */
export function runLoopGroup(run: OpenRun, of: NodeRun<LoopGroupNode>, runGraph: RunGraph): Promise<NodeResult> {
  return withinTime(run, of.node.timeoutMs, (bounded) => repeat(bounded, of, runGraph));
}

async function repeat(run: OpenRun, of: NodeRun<LoopGroupNode>, runGraph: RunGraph): Promise<NodeResult> {
  const { node, scope, visible } = of;
  let previousOutput = '';
  for (let iteration = 1; ; iteration += 1) {
    const inner = {
      ...scope,
      nodes: node.nodes,
      path: `${pathOf(of)}/${iteration}/`,
      place: `${scope.place}${node.id}/`,
      outer: visible,
      loop: { iteration, previousOutput },
    };
    const result = groupResult(node.nodes, await runGraph(run, inner));
    if (result.status === 'failed') return result;
    const now = { ...of, scope: { ...scope, loop: inner.loop } };
    if (loopEnds(node, result.output) || (await untilBashHolds(run, now, node, result.output))) return result;
    if (iteration === node.maxIterations) return failed(result, 'command', unfinished(node.maxIterations));
    previousOutput = result.output;
  }
}
