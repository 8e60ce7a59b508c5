import { join } from 'node:path';
import { boxHint } from '../../core/box-hint.ts';
import { logFile as logFileName } from '../../core/log-files.ts';
import type { OpenRun } from '../context.ts';
import { failed, NOTHING_RAN, type NodeResult } from '../node-result.ts';
import { commandBox } from '../workspace-box.ts';

export const MAX_OUTPUT_BYTES = 1024 * 1024;

/** A program of the workflow's author, in the work tree. */
export interface Child {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** File name of the log, without its ending. */
  logName: string;
}

/** Runs it and reads its end: exit status 0 is success, whatever it printed. */
export async function runChild(run: OpenRun, { command, args, env, timeoutMs, logName }: Child): Promise<NodeResult> {
  const logFile = join(run.workspace.logs, logFileName(run.task.attempt, logName, 'log'));
  const child = await run.context.processes.run({
    command,
    args,
    cwd: run.workspace.tree,
    env,
    box: commandBox(run.workspace),
    timeoutMs,
    signal: run.signal,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    logFile,
    pidsFile: run.workspace.pids,
  });
  const { exitCode, tail } = child;
  const ended = { ...NOTHING_RAN, exitCode, output: child.stdout.replace(/\r?\n$/, ''), tail, logFile };
  if (child.timedOut) return failed(ended, 'timeout', `ran longer than ${timeoutMs / 1000} s.`);
  if (child.exceeded !== null) {
    const { what, resource } = child.exceeded;
    return failed(ended, resource === 'disk' ? 'too_large' : 'command', `${what}.`);
  }
  if (exitCode === 0) return { ...ended, status: 'completed', category: null, reason: '' };
  const how = exitCode === null ? `was ended by ${child.signal}` : `ended with status ${exitCode}`;
  const hint = child.boxed ? boxHint(exitCode, tail) : null;
  return failed(ended, 'command', hint === null ? `${how}.` : `${how}: ${hint}.`);
}

/** How bash runs a body as it is written. */
export const bashArguments = (script: string): readonly string[] => [
  '--noprofile',
  '--norc',
  '-eo',
  'pipefail',
  '-c',
  script,
];
