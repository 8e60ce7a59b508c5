import { join } from 'node:path';
import type { BashNode } from '../../core/workflow/types.ts';
import type { OpenRun } from '../context.ts';
import type { NodeResult } from '../node-result.ts';

const MAX_OUTPUT_BYTES = 1024 * 1024;

/** Runs the script as written: values reach it by environment alone. */
export async function runBash(
  run: OpenRun,
  node: Pick<BashNode, 'id' | 'script' | 'timeoutMs'>,
  env: Readonly<Record<string, string>>,
): Promise<NodeResult> {
  const logFile = join(run.workspace.logs, `${node.id}.log`);
  const child = await run.context.processes.run({
    command: 'bash',
    args: ['--noprofile', '--norc', '-eo', 'pipefail', '-c', node.script],
    cwd: run.workspace.tree,
    env,
    timeoutMs: node.timeoutMs,
    signal: run.signal,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    logFile,
    pidsFile: run.workspace.pids,
  });
  const ended = {
    exitCode: child.exitCode,
    output: child.stdout.replace(/\r?\n$/, ''),
    tail: child.tail,
    logFile,
    costUsd: null,
  };
  if (child.timedOut) {
    return { ...ended, status: 'failed', category: 'timeout', reason: `ran longer than ${node.timeoutMs / 1000} s.` };
  }
  if (child.exitCode === 0) return { ...ended, status: 'completed', category: null, reason: '' };
  const how = child.exitCode === null ? `was ended by ${child.signal}` : `ended with status ${child.exitCode}`;
  return { ...ended, status: 'failed', category: 'command', reason: `${how}.` };
}
