import type { ScriptNode } from '../../core/workflow/types.ts';
import { childEnvironment } from '../child-environment.ts';
import type { OpenRun } from '../context.ts';
import type { NodeResult } from '../node-result.ts';
import { logName, type NodeRun } from '../scope.ts';
import { renderValues, templateValues } from '../template-values.ts';
import { checkOutput } from './check-output.ts';
import { runChild } from './run-child.ts';

/** Runs the program as written, from a file outside of the work tree, so that it is never part of the change. */
export async function runScript(run: OpenRun, of: NodeRun<ScriptNode>): Promise<NodeResult> {
  const { node } = of;
  const env = await childEnvironment(run, of, renderValues(node.env, templateValues(run, of)));
  const name = `${logName(of)}.script${ENDINGS[node.runtime](node)}`;
  await run.context.workspaces.writeOutputs(run.workspace, [{ name, content: node.script }]);
  const file = `${run.workspace.outputs}/${name}`;
  const child = { ...COMMANDS[node.runtime](file), env, timeoutMs: node.timeoutMs, logName: logName(of) };
  return checkOutput(await runChild(run, child), node.outputFormat);
}

/** Node reads from the ending what a file is; an inline program is a module. */
const ENDINGS: Readonly<Record<ScriptNode['runtime'], (node: ScriptNode) => string>> = {
  node: ({ file }) => (file === null ? '.mjs' : (/\.\w+$/.exec(file)?.[0] ?? '.mjs')),
  python: () => '.py',
};

const COMMANDS: Readonly<
  Record<ScriptNode['runtime'], (file: string) => { command: string; args: readonly string[] }>
> = {
  node: (file) => ({ command: 'node', args: [file] }),
  // Isolated: neither the work tree nor the user's folder lends it modules that would run in its name.
  python: (file) => ({ command: 'python3', args: ['-I', file] }),
};
