import { resolveInputs } from '../../core/inputs/resolve-inputs.ts';
import type { IncludeNode } from '../../core/workflow/types.ts';
import type { OpenRun } from '../context.ts';
import { failed, NOTHING_RAN, type NodeResult } from '../node-result.ts';
import { type NodeRun, pathOf, type RunGraph } from '../scope.ts';
import { dataAmong, renderValues, templateValues } from '../template-values.ts';
import { groupResult } from './group-result.ts';

/** The nodes of another workflow, which see its inputs and each other. */
export async function runInclude(run: OpenRun, of: NodeRun<IncludeNode>, runGraph: RunGraph): Promise<NodeResult> {
  const { node, scope } = of;
  const values = templateValues(run, of);
  const given = resolveInputs(node.inputs, renderValues(node.with, values));
  if (!given.ok) {
    const faults = given.faults.map(({ message }) => message).join(' ');
    return failed(NOTHING_RAN, 'config', `gives \`${node.workflow}\` what it does not take. ${faults}`);
  }
  const inner = {
    nodes: node.nodes,
    path: `${pathOf(of)}/`,
    place: `${scope.place}${node.id}/`,
    inputs: given.values,
    inputDefinitions: node.inputs,
    data: dataAmong(node.with, values),
    outer: new Map(),
    loop: null,
  };
  return groupResult(node.nodes, await runGraph(run, inner));
}
