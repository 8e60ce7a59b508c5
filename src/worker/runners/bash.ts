import type { BashNode } from '../../core/workflow/types.ts';
import { childEnvironment } from '../child-environment.ts';
import type { OpenRun } from '../context.ts';
import type { NodeResult } from '../node-result.ts';
import { logName, type NodeRun } from '../scope.ts';
import { renderValues, templateValues } from '../template-values.ts';
import { checkOutput } from './check-output.ts';
import { bashArguments, runChild } from './run-child.ts';

/** Runs the script as written: values reach it by environment alone. */
export async function runBash(run: OpenRun, of: NodeRun<BashNode>): Promise<NodeResult> {
  const { node } = of;
  const env = await childEnvironment(run, of, renderValues(node.env, templateValues(run, of)));
  const { timeoutMs, script } = node;
  const child = { command: 'bash', args: bashArguments(script), env, timeoutMs, logName: logName(of) };
  return checkOutput(await runChild(run, child), node.outputFormat);
}
