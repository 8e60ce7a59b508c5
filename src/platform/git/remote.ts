import { TaskFailure } from '../../core/failures.ts';
import type { Repository } from '../../core/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GitAccess, GitHub } from '../../ports/github.ts';
import type { GitAnswer, GitCall } from './git-call.ts';
import { isRedirected, isUnauthorized, limitMetBy } from './git-failure.ts';
import { type Pause, readAgain } from './read-again.ts';
import { runGit } from './run-git.ts';

const NETWORK_TIMEOUT_MS = 15 * 60_000;

/** After so long with less than LOW_SPEED, git gives up. */
const GIT_TIMEOUT_MS = 60_000;
/** Bytes a second. */
const LOW_SPEED = 1000;

const NETWORK_SETTINGS = [
  'protocol.version=2',
  'http.followRedirects=false',
  `http.lowSpeedLimit=${LOW_SPEED}`,
  'push.recurseSubmodules=no',
  'fetch.recurseSubmodules=no',
];

/** Never one that runs a program, such as `ext`. */
const PROTOCOLS: ReadonlySet<string> = new Set(['https', 'http', 'file']);

export interface RemoteRepository {
  installationId: number;
  repositoryId: number;
  repository: string;
}

/** What host git needs of GitHub; without `reads`, a repository that was renamed is not found. */
export type GitHubForGit = Pick<GitHub, 'gitToken' | 'cloneUrl'> & {
  reads?(installationId: number): {
    repository(fullName: string): Promise<Pick<Repository, 'id' | 'fullName'> | undefined>;
  };
};

/** One repository on GitHub as host git reaches it: no work tree, one protocol, a token for that repository alone. */
export interface Remote {
  url: string;
  /** Runs git with the token; a refused token is replaced once by a fresh one, a former name by the present one, and a read is made again. @throws GitError, GitHubError('limited') */
  run(args: readonly string[], call: GitCall): Promise<GitAnswer>;
  /** Exact heads of the branches that exist. `timeoutMs`: 15 minutes when absent. @throws GitError, GitHubError('limited') */
  heads(gitDir: string, branches: readonly string[], timeoutMs?: number): Promise<Map<string, string>>;
}

/** Whose repositories are reached, and by what time. */
export interface RemoteHost {
  github: GitHubForGit;
  clock: Clock;
  /** How a read waits before it is made again; default: with a timer. */
  pause?: Pause | undefined;
  /** After which a git that hears next to nothing is ended, in whole seconds; default: a minute. */
  gitTimeoutMs?: number | undefined;
}

/** @param signal ends every git that this remote runs */
export function openRemote(
  { github, clock, pause, gitTimeoutMs = GIT_TIMEOUT_MS }: RemoteHost,
  target: RemoteRepository,
  access: GitAccess,
  signal?: AbortSignal,
): Remote {
  const url = github.cloneUrl(target.repository);
  const protocol = new URL(url).protocol.replace(':', '');
  if (!PROTOCOLS.has(protocol)) throw new TaskFailure('internal', `Git is not asked by the protocol "${protocol}".`);

  const { installationId, repositoryId } = target;
  const settings = [...NETWORK_SETTINGS, `http.lowSpeedTime=${Math.ceil(gitTimeoutMs / 1000)}`];
  let present = url;

  async function once(args: readonly string[], call: GitCall, fresh: boolean): Promise<GitAnswer> {
    const credentials =
      protocol === 'file'
        ? { env: {}, secrets: [] }
        : credentialsFor(present, await github.gitToken(installationId, repositoryId, access, { fresh }));
    const addressed = args.map((arg) => (arg === url ? present : arg));
    try {
      return await runGit(addressed, {
        timeoutMs: NETWORK_TIMEOUT_MS,
        signal,
        ...call,
        settings: [...settings, ...(call.settings ?? [])],
        env: { GIT_ALLOW_PROTOCOL: protocol, ...call.env, ...credentials.env },
        secrets: credentials.secrets,
        http: protocol !== 'file',
      });
    } catch (error) {
      throw limitMetBy(error, target.repository, clock.now()) ?? error;
    }
  }

  async function authorized(args: readonly string[], call: GitCall): Promise<GitAnswer> {
    try {
      return await once(args, call, false);
    } catch (error) {
      if (protocol === 'file' || !isUnauthorized(error)) throw error;
      return once(args, call, true);
    }
  }

  /** git itself follows no redirect: it could lead anywhere. GitHub is asked where this very repository is now. */
  async function followed(args: readonly string[], call: GitCall): Promise<GitAnswer> {
    try {
      return await authorized(args, call);
    } catch (error) {
      if (!isRedirected(error)) throw error;
      const moved = await github.reads?.(installationId).repository(target.repository);
      if (moved?.id !== repositoryId || github.cloneUrl(moved.fullName) === present) throw error;
      present = github.cloneUrl(moved.fullName);
      return authorized(args, call);
    }
  }

  const run = (args: readonly string[], call: GitCall): Promise<GitAnswer> =>
    access === 'read' ? readAgain(() => followed(args, call), signal, pause) : followed(args, call);

  async function heads(gitDir: string, branches: readonly string[], timeoutMs = NETWORK_TIMEOUT_MS) {
    const wanted = branches.map((branch) => `refs/heads/${branch}`);
    const { stdout } = await run(['ls-remote', '--refs', url, ...wanted], { gitDir, timeoutMs });
    const found = new Map<string, string>();
    for (const line of stdout.toString('utf8').split('\n')) {
      const [sha, ref] = line.split('\t');
      // ls-remote matches by the ref's tail, so refs/heads/x also finds refs/heads/refs/heads/x.
      if (sha !== undefined && ref !== undefined && wanted.includes(ref))
        found.set(ref.slice('refs/heads/'.length), sha);
    }
    return found;
  }

  return { url, run, heads };
}

/**
 * The token travels in the environment of that one git process, where neither argv nor a file shows it.
 * User name: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation
 */
function credentialsFor(url: string, token: string): { env: Record<string, string>; secrets: string[] } {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    env: {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `http.${url}.extraHeader`,
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    },
    secrets: [basic, Buffer.from(token).toString('base64'), token],
  };
}
