import { execa } from 'execa';
import { usageError } from './client-error.ts';

const NAME = /^[\w.-]{1,100}\/[\w.-]{1,100}$/;
const GIVE = 'Give it with --control owner/name, or set FLEET_CONTROL.';

/** What of the environment says which repository is meant, the first that is set. */
export interface ControlSources {
  /** --control */
  flag: string | null;
  /** FLEET_CONTROL; in a job of GitHub Actions its own repository. */
  variable: string | null;
}

/** `owner/name`: as the flag or the variable says, else where `origin` of the git repository around `folder` is. @throws ClientError */
export async function controlRepository({ flag, variable }: ControlSources, folder: string): Promise<string> {
  const given = flag ?? variable;
  if (given !== null) {
    if (NAME.test(given)) return given;
    throw usageError('The control repository is not written as `owner/name`.', GIVE);
  }
  const address = await originOf(folder);
  if (address === undefined) {
    throw usageError('No control repository is given, and this folder is in no git repository with an `origin`.', GIVE);
  }
  const name = repositoryOf(address);
  if (name !== undefined) return name;
  throw usageError(
    'No control repository is given, and `origin` of this git repository is no address of GitHub.',
    GIVE,
  );
}

async function originOf(folder: string): Promise<string | undefined> {
  const { exitCode, stdout } = await execa('git', ['remote', 'get-url', 'origin'], {
    cwd: folder,
    reject: false,
    stdin: 'ignore',
    timeout: 10_000,
  });
  return exitCode === 0 && stdout !== '' ? stdout.split('\n')[0] : undefined;
}

/** Of an address of git over https or ssh, whatever the host; undefined: it is none of a repository of GitHub. */
export function repositoryOf(address: string): string | undefined {
  const path = pathOf(address.trim());
  const name = path?.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  return name !== undefined && NAME.test(name) ? name : undefined;
}

function pathOf(address: string): string | undefined {
  const url = URL.parse(address);
  if (url !== null && ['https:', 'http:', 'ssh:', 'git:'].includes(url.protocol)) return url.pathname;
  // As scp writes it; a single letter before the colon is a drive.
  return /^(?:[\w.-]+@)?[\w.-]{2,}:([^/].*)$/.exec(address)?.[1];
}
