import { TaskFailure } from '../core/failures.ts';
import { childEnvironment } from './child-environment.ts';
import type { OpenRun } from './context.ts';
import { runChild } from './runners/run-child.ts';
import { workflowScope } from './scope.ts';
import { TaskCancelled } from './task-cancelled.ts';

const TIMEOUT_MS = 60_000;

/** Throws TaskFailure `config` when the machine lacks a program that the workflow requires; a builtin of bash is none. */
export async function requirePrograms(run: OpenRun): Promise<void> {
  const { requires } = run.fleet.plan.workflow;
  const [program] = await missing(run, '.requires', 'type -P -- "$one" >/dev/null', requires);
  if (program === undefined) return;
  throw new TaskFailure('config', `The workflow requires \`${program}\`, which this machine does not have.`);
}

/** Throws TaskFailure `command` when a file is not there that the workflow names as evidence. */
export async function requireEvidence(run: OpenRun): Promise<void> {
  const { evidence } = run.fleet.plan.workflow;
  const [path] = await missing(run, '.evidence', '[ -e "./$one" ]', evidence);
  if (path === undefined) return;
  throw new TaskFailure('command', `The nodes left no \`${path}\`, which the workflow names as evidence.`);
}

/** Those of which the test does not hold, asked where commands of the workflow run: they see what is there for them. */
async function missing(run: OpenRun, logName: string, test: string, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const env = await childEnvironment(run, { scope: workflowScope(run), visible: new Map() });
  const ask = `for one; do ${test} || printf '%s\\n' "$one"; done`;
  const args = ['--noprofile', '--norc', '-c', ask, 'bash', ...names];
  const result = await runChild(run, { command: 'bash', args, env, timeoutMs: TIMEOUT_MS, logName });
  if (run.signal.aborted) throw new TaskCancelled();
  if (result.status !== 'completed')
    throw new TaskFailure(result.category ?? 'command', `The look for ${names.join(', ')} ${result.reason}`);
  return result.output === '' ? [] : result.output.split('\n');
}
