import { parse } from 'node:path';
import { execa } from 'execa';
import { ClientError } from './client-error.ts';

/** Whose credential it is: git's `protocol` and `host`, with the port; the user's name is always the same. */
export interface CredentialPlace {
  protocol: string;
  host: string;
}

const USERNAME = 'flotilla';
const TIMEOUT_MS = 30_000;

/**
 * Runs git outside of every repository, so that no checkout's configuration names a helper, and so that nothing asks the
 * person: neither git itself nor a program that it would start for that.
 */
async function git(args: readonly string[], input: string) {
  const result = await execa('git', args, {
    cwd: parse(process.cwd()).root,
    input,
    reject: false,
    stripFinalNewline: true,
    timeout: TIMEOUT_MS,
    env: {
      GIT_DIR: undefined,
      GIT_WORK_TREE: undefined,
      GIT_COMMON_DIR: undefined,
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: '',
      SSH_ASKPASS: '',
      GCM_INTERACTIVE: 'never',
    },
  });
  if ('code' in result && result.code === 'ENOENT') {
    throw new ClientError('There is no `git` here, which keeps the token.', 'Install git, or set FLEET_TOKEN.');
  }
  return result;
}

/** What the person has set up for this place, the last one that git would ask; null: nothing. */
export async function configuredHelper({ protocol, host }: CredentialPlace): Promise<string | null> {
  const { exitCode, stdout } = await git(
    ['config', '--get-urlmatch', 'credential.helper', `${protocol}://${host}`],
    '',
  );
  return exitCode === 0 && stdout !== '' ? stdout : null;
}

/** Options of git that make it keep credentials in memory for so long, in place of any other helper. */
export const inMemory = (seconds: number): readonly string[] => [
  '-c',
  'credential.helper=',
  '-c',
  `credential.helper=cache --timeout=${seconds}`,
];

/** undefined: no helper has one, it has expired, or a helper that looks at no place gave something else's. */
export async function fillCredential(place: CredentialPlace, options: readonly string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await git([...options, 'credential', 'fill'], description(place));
  if (exitCode !== 0) return undefined;
  if (!stdout.split('\n').includes(`username=${USERNAME}`)) return undefined;
  return /^password=(.+)$/m.exec(stdout)?.[1];
}

/** @param expiresAt epoch milliseconds, which git from 2.41 on keeps too; null: it does not expire */
export async function approveCredential(
  place: CredentialPlace,
  token: string,
  expiresAt: number | null,
  options: readonly string[],
): Promise<void> {
  const expiry = expiresAt === null ? {} : { password_expiry_utc: String(Math.floor(expiresAt / 1000)) };
  await git([...options, 'credential', 'approve'], description(place, { password: token, ...expiry }));
}

export async function rejectCredential(place: CredentialPlace, options: readonly string[]): Promise<void> {
  await git([...options, 'credential', 'reject'], description(place));
}

/** Source: git-credential(1), "INPUT/OUTPUT FORMAT". A line break would begin another attribute. */
function description({ protocol, host }: CredentialPlace, more: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ protocol, host, username: USERNAME, ...more }).map(([name, value]) => {
    if (/[\0\r\n]/.test(value)) throw new Error(`The ${name} of a credential holds a line break.`);
    return `${name}=${value}\n`;
  });
  return `${lines.join('')}\n`;
}
