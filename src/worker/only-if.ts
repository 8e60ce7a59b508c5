import { TaskFailure } from '../core/failures.ts';
import { childEnvironment } from './child-environment.ts';
import type { OpenRun } from './context.ts';
import { bashArguments, runChild } from './runners/run-child.ts';
import { workflowScope } from './scope.ts';
import { TaskCancelled } from './task-cancelled.ts';

const TIMEOUT_MS = 10 * 60_000;

/** Whether the workflow applies to this repository: 0 yes, 1 no, anything else is a failure. */
export async function applies(run: OpenRun): Promise<boolean> {
  const script = run.fleet.plan.workflow.onlyIf;
  if (script === null) return true;
  const env = await childEnvironment(run, { scope: workflowScope(run), visible: new Map() });
  const child = { command: 'bash', args: bashArguments(script), env, timeoutMs: TIMEOUT_MS, logName: '.only_if' };
  const result = await runChild(run, child);
  if (run.signal.aborted) throw new TaskCancelled();
  if (result.exitCode === 0) return true;
  if (result.exitCode === 1) return false;
  throw new TaskFailure(result.category ?? 'command', `\`only_if\` ${result.reason}`);
}
