import { cutToVariable } from '../../core/workflow/environment.ts';
import { LOOP_OUTPUT_VARIABLE } from '../../core/workflow/variables.ts';
import { childEnvironment } from '../child-environment.ts';
import type { OpenRun } from '../context.ts';
import { logName, type NodeRun } from '../scope.ts';
import { bashArguments, runChild } from './run-child.ts';

const TIMEOUT_MS = 10 * 60_000;

/** Whether `until_bash` ends the loop: exit status 0, and no other. */
export async function untilBashHolds(
  run: OpenRun,
  of: NodeRun,
  { untilBash }: { untilBash: string | null },
  output: string,
): Promise<boolean> {
  if (untilBash === null || run.signal.aborted) return false;
  const env = await childEnvironment(run, of, { [LOOP_OUTPUT_VARIABLE]: cutToVariable(output) });
  const name = `${logName(of)}.until`;
  const result = await runChild(run, {
    command: 'bash',
    args: bashArguments(untilBash),
    env,
    timeoutMs: TIMEOUT_MS,
    logName: name,
  });
  return result.status === 'completed';
}
