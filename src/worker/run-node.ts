import { renderPrompt } from '../core/workflow/template.ts';
import type { NodeOutcome, WorkflowNode } from '../core/workflow/types.ts';
import { childEnvironment } from './child-environment.ts';
import type { OpenRun } from './context.ts';
import type { NodeResult } from './node-result.ts';
import { runBash } from './runners/bash.ts';
import { runPrompt } from './runners/prompt.ts';

/** One node, whatever its kind, given the outcomes of the nodes upstream of it. */
export async function runNode(
  run: OpenRun,
  node: WorkflowNode,
  upstream: ReadonlyMap<string, NodeOutcome>,
): Promise<NodeResult> {
  const env = await childEnvironment(run, upstream);
  switch (node.kind) {
    case 'bash':
      return runBash(run, node, env);
    case 'prompt': {
      const values = { inputs: run.fleet.plan.inputs, service: run.repository.fullName, nodes: upstream };
      return runPrompt(run, node, renderPrompt(node.prompt, values), env);
    }
  }
}
