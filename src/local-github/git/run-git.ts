import { type ChildProcess, spawn } from 'node:child_process';

/** git failed; `stderr` says why. */
export class GitError extends Error {
  readonly code: number;
  readonly stderr: string;

  constructor(args: readonly string[], code: number, stderr: string) {
    super(`git ${args.slice(0, 4).join(' ')} ended with ${code}: ${stderr.trim()}`);
    this.code = code;
    this.stderr = stderr;
  }
}

/** Nothing of the person's own git configuration, credentials or hooks reaches the served repositories. */
export const gitEnvironment: Readonly<Record<string, string>> = {
  PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
};

/**
 * For repositories that we did not make: where objects of a partial clone are missing, git would fetch them by a
 * program that the repository's own configuration names.
 */
export const foreignRepository: Readonly<Record<string, string>> = {
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
};

export interface GitOptions {
  input?: string | Buffer;
  env?: Readonly<Record<string, string>>;
  /** Exit codes besides 0 that are answers, not failures. */
  accept?: readonly number[];
}

/** @returns both outputs and the exit code. @throws GitError, or why git could not be started */
export async function runGit(
  gitDirectory: string | null,
  args: readonly string[],
  options: GitOptions = {},
): Promise<{ stdout: Buffer; stderr: string; code: number }> {
  const location = gitDirectory === null ? [] : [`--git-dir=${gitDirectory}`];
  const child: ChildProcess = spawn('git', [...location, '-c', 'core.quotePath=false', ...args], {
    env: { ...gitEnvironment, ...options.env },
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  // Where no process could be started for want of file descriptors, there are no streams either.
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  // git may end before it has read everything, which is no failure by itself.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input);
  const code = await ended;
  const stderr = Buffer.concat(err).toString();
  if (code !== 0 && options.accept?.includes(code) !== true) throw new GitError(args, code, stderr);
  return { stdout: Buffer.concat(out), stderr, code };
}

/** stdout as text, without the last newline. */
export async function gitText(
  gitDirectory: string | null,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  return (await runGit(gitDirectory, args, options)).stdout.toString().replace(/\n$/, '');
}
