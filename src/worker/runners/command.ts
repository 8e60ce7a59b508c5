import { renderPrompt } from '../../core/workflow/template.ts';
import type { CommandNode, LoopNode } from '../../core/workflow/types.ts';
import type { OpenRun } from '../context.ts';
import type { NodeResult } from '../node-result.ts';
import { logName, type NodeRun } from '../scope.ts';
import { dataAmong, renderValues, templateValues } from '../template-values.ts';
import { runAgent } from './run-agent.ts';

export function runCommand(run: OpenRun, of: NodeRun<CommandNode>): Promise<NodeResult> {
  return runAgent(run, of, { ...of.node, prompt: commandPrompt(run, of), logName: logName(of) });
}

/** The text of a file beside the workflow, with its own inputs in front of the workflow's. */
export function commandPrompt(run: OpenRun, of: NodeRun<CommandNode | LoopNode>): string {
  const values = templateValues(run, of);
  const inputs = { ...values.inputs, ...renderValues(of.node.with, values) };
  const own = dataAmong(of.node.with, values);
  const around = [...of.scope.data].filter((name) => !Object.hasOwn(of.node.with, name));
  return renderPrompt(of.node.prompt, { ...values, inputs, data: new Set([...own, ...around]) });
}
