import { Readable } from 'node:stream';
import { execa } from 'execa';
import type { BoxedCommand, EnclosedCommand, OpenBox } from '../../ports/sandbox.ts';
import { boxFailure } from '../sandbox/box-failure.ts';
import { type GitAnswer, type GitCall, LOCAL_TIMEOUT_MS, MAX_OUTPUT_BYTES, placeOf, STDERR_BYTES } from './git-call.ts';
import {
  asArguments,
  BASE_ENVIRONMENT,
  BASE_SETTINGS,
  TRACE_DESCRIPTOR,
  TRACE_ENVIRONMENT,
} from './git-environment.ts';
import { GitError, redact } from './git-error.ts';
import { limitGit } from './git-limits.ts';
import { readHttpAnswers } from './http-answers.ts';

/**
 * Runs git with a cleared environment on the git directory that is named, never on one that it finds.
 * This is the one place where our git is started.
 * @throws GitError
 */
export async function runGit(args: readonly string[], call: GitCall): Promise<GitAnswer> {
  if (call.session !== undefined) return call.session.run(args, call);
  if (call.box === undefined) return answerOf(args, call, null);
  const { sandbox, mounts } = call.box;
  const box = await sandbox.open({ mounts, hosts: [], modelApi: null, sealed: true });
  try {
    return await answerOf(args, call, box);
  } finally {
    await box.close();
  }
}

async function answerOf(args: readonly string[], call: GitCall, box: OpenBox | null): Promise<GitAnswer> {
  const verb = args[0] ?? '';
  // The descriptor is the box's own where there is one.
  const traced = call.http === true && box === null;
  const git: BoxedCommand = {
    command: 'git',
    args: [...placeOf(call), ...BASE_SETTINGS, ...asArguments(call.settings ?? []), ...args],
    cwd: '/',
    env: { ...BASE_ENVIRONMENT, ...call.env, ...(traced ? TRACE_ENVIRONMENT : {}) },
  };
  const enclosed: EnclosedCommand = box === null ? { ...git, control: null } : box.enclose(git);
  const started = execa(enclosed.command, enclosed.args, {
    cwd: enclosed.cwd,
    env: enclosed.env,
    extendEnv: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
    // Pipes alone into a box: who is in there could change a file of the host by a descriptor of it, /dev/null too.
    stdio: [
      'pipe',
      'pipe',
      'pipe',
      ...(enclosed.control === null ? [] : [Buffer.from(enclosed.control)]),
      ...(traced ? (['pipe'] as const) : []),
    ],
    ...(traced ? { buffer: { fd3: false } } : {}),
    input: call.input ?? '',
    maxBuffer: call.mostOutput ?? MAX_OUTPUT_BYTES,
    detached: true,
  });
  const limits = limitGit(started.pid, { timeoutMs: call.timeoutMs ?? LOCAL_TIMEOUT_MS, signal: call.signal });
  const trace = traced ? started.stdio[TRACE_DESCRIPTOR] : undefined;
  const answers = trace instanceof Readable ? readHttpAnswers(trace) : null;
  const result = await started;
  limits.over();
  const stopped = limits.stopped();
  const secrets = call.secrets ?? [];
  const stdout = Buffer.from(result.stdout);
  const said = redact(Buffer.from(result.stderr).toString('utf8'), secrets);
  // The status of a box that was not made says nothing of git.
  const noBox = enclosed.control === null || result.exitCode === 0 ? null : boxFailure(said);
  const code = noBox === null ? (result.exitCode ?? null) : null;
  if (result.isMaxBuffer && call.mostOutput !== undefined && stopped === null) {
    return { stdout, stderr: said, code: code ?? 0, truncated: true };
  }
  if (
    code !== null &&
    stopped === null &&
    !result.isMaxBuffer &&
    (code === 0 || call.accept?.includes(code) === true)
  ) {
    return { stdout, stderr: said, code, truncated: false };
  }
  throw new GitError(verb, {
    code,
    stdout: redact(stdout.subarray(0, 64 * 1024).toString('utf8'), secrets),
    stderr: (result.isMaxBuffer ? 'its output is too large' : (noBox ?? (said || startError(result.cause)))).slice(
      -STDERR_BYTES,
    ),
    timedOut: stopped === 'timeout',
    aborted: stopped === 'abort',
    answer: answers?.last() ?? null,
  });
}

/** Standard output as text, without the last newline. */
export async function gitText(args: readonly string[], call: GitCall): Promise<string> {
  return (await runGit(args, call)).stdout.toString('utf8').replace(/\n$/, '');
}

function startError(cause: unknown): string {
  return cause instanceof Error ? cause.message : '';
}
