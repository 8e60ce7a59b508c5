import { renderPrompt } from '../../core/workflow/template.ts';
import type { PromptNode } from '../../core/workflow/types.ts';
import type { OpenRun } from '../context.ts';
import type { NodeResult } from '../node-result.ts';
import { logName, type NodeRun } from '../scope.ts';
import { templateValues } from '../template-values.ts';
import { runAgent } from './run-agent.ts';

export function runPrompt(run: OpenRun, of: NodeRun<PromptNode>): Promise<NodeResult> {
  const prompt = renderPrompt(of.node.prompt, templateValues(run, of));
  return runAgent(run, of, { ...of.node, prompt, logName: logName(of) });
}
