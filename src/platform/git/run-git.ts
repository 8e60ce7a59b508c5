import { execa } from 'execa';
import type { BoxedCommand, EnclosedCommand, OpenBox } from '../../ports/sandbox.ts';
import { boxFailure } from '../sandbox/box-failure.ts';
import type { GitBox } from './git-box.ts';
import { limitGit } from './git-limits.ts';

/** Nothing is inherited: no person's configuration, credentials, proxies, askpass programs or hooks reach our git. */
const BASE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_LITERAL_PATHSPECS: '1',
  // None: what talks to a remote names the one protocol of that call.
  GIT_ALLOW_PROTOCOL: '',
};

const BASE_SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.splitIndex=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.autocrlf=false',
  'core.fileMode=true',
  'core.symlinks=true',
  'core.quotePath=false',
  'credential.helper=',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/** Far more than any local call needs; one that waits for a pipe in the work tree would otherwise wait for ever. */
const LOCAL_TIMEOUT_MS = 10 * 60_000;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;
const STDERR_BYTES = 4096;

export interface GitCall {
  gitDir: string;
  /** Absent: git runs on the host, as only what talks to a remote or writes refs of a mirror may; never with a work tree. */
  box?: GitBox;
  /** Absent: git sees no work tree at all. */
  workTree?: string;
  env?: Readonly<Record<string, string>>;
  settings?: readonly string[];
  input?: Uint8Array | string;
  /** Exit codes besides 0 that are answers, not failures. */
  accept?: readonly number[];
  /** Ten minutes when absent. */
  timeoutMs?: number;
  /** Bytes of output after which git is ended, and its answer is what it had said until then. */
  mostOutput?: number;
  /** Ends git. */
  signal?: AbortSignal | undefined;
  /** Replaced in everything that git says before anybody else sees it. */
  secrets?: readonly string[];
}

export interface GitAnswer {
  stdout: Buffer;
  stderr: string;
  code: number;
  /** It had more to say than `mostOutput`. */
  truncated: boolean;
}

/** git did not end as wanted; `stderr` and `stdout` are redacted and bounded. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly verb: string;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** The signal of the call ended it. */
  readonly aborted: boolean;

  constructor(
    verb: string,
    end: { code: number | null; stdout: string; stderr: string; timedOut: boolean; aborted: boolean },
  ) {
    const how = end.aborted ? 'was stopped' : end.timedOut ? 'took too long' : `ended with ${end.code ?? 'a signal'}`;
    super(`git ${verb} ${how}: ${end.stderr.trim()}`);
    this.verb = verb;
    this.code = end.code;
    this.stdout = end.stdout;
    this.stderr = end.stderr;
    this.timedOut = end.timedOut;
    this.aborted = end.aborted;
  }
}

/** Takes secrets out of text, and the userinfo of any URL. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text)
    .replace(/\/\/[^/\s@]+@/g, '//[redacted]@');
}

/**
 * Runs git with a cleared environment on the git directory that is named, never on one that it finds.
 * This is the one place where our git is started.
 * @throws GitError
 */
export async function runGit(args: readonly string[], call: GitCall): Promise<GitAnswer> {
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
  const settings = (call.settings ?? []).flatMap((setting) => ['-c', setting]);
  const place = [`--git-dir=${call.gitDir}`, ...(call.workTree === undefined ? [] : [`--work-tree=${call.workTree}`])];
  const git: BoxedCommand = {
    command: 'git',
    args: [...place, ...BASE_SETTINGS, ...settings, ...args],
    cwd: '/',
    env: { ...BASE_ENVIRONMENT, ...call.env },
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
    stdio: ['pipe', 'pipe', 'pipe', ...(enclosed.control === null ? [] : [Buffer.from(enclosed.control)])],
    input: call.input ?? '',
    maxBuffer: call.mostOutput ?? MAX_OUTPUT_BYTES,
    detached: true,
  });
  const limits = limitGit(started.pid, { timeoutMs: call.timeoutMs ?? LOCAL_TIMEOUT_MS, signal: call.signal });
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
  });
}

/** Standard output as text, without the last newline. */
export async function gitText(args: readonly string[], call: GitCall): Promise<string> {
  return (await runGit(args, call)).stdout.toString('utf8').replace(/\n$/, '');
}

function startError(cause: unknown): string {
  return cause instanceof Error ? cause.message : '';
}
