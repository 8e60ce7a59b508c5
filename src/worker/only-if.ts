import { TaskFailure } from '../core/failures.ts';
import { childEnvironment } from './child-environment.ts';
import type { OpenRun } from './context.ts';
import { runBash } from './runners/bash.ts';

const TIMEOUT_MS = 10 * 60_000;

/** Whether the workflow applies to this repository: 0 yes, 1 no, anything else is a failure. */
export async function applies(run: OpenRun): Promise<boolean> {
  const script = run.fleet.plan.workflow.onlyIf;
  if (script === null) return true;
  const env = await childEnvironment(run, new Map());
  const result = await runBash(run, { id: '.only_if', script, timeoutMs: TIMEOUT_MS }, env);
  if (result.exitCode === 0) return true;
  if (result.exitCode === 1) return false;
  throw new TaskFailure(result.category ?? 'command', `\`only_if\` ${result.reason}`);
}
