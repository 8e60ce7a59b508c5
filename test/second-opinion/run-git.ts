import { execFile } from 'node:child_process';

/** Nothing of this machine's own configuration counts. */
export const GIT_ENVIRONMENT = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

/**
 * Runs git to its end and gives what it wrote.
 * @throws Error with what it complained about
 */
export function runGit(
  args: readonly string[],
  { input, env }: { input?: Buffer | string; env?: Readonly<Record<string, string>> } = {},
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      [...args],
      { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024, env: { ...GIT_ENVIRONMENT, ...env } },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`git ${args.join(' ')}: ${stderr.toString().trim() || error.message}`));
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}
