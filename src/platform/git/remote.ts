import type { GitHub } from '../../ports/github.ts';
import { isUnauthorized } from './git-failure.ts';
import { type GitAnswer, type GitCall, runGit } from './run-git.ts';

const NETWORK_TIMEOUT_MS = 15 * 60_000;

const NETWORK_SETTINGS = [
  'protocol.version=2',
  'http.followRedirects=false',
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=60',
  'push.recurseSubmodules=no',
  'fetch.recurseSubmodules=no',
];

export interface RemoteRepository {
  installationId: number;
  repositoryId: number;
  repository: string;
}

/** One repository on GitHub as host git reaches it: no work tree, one protocol, a token for that repository alone. */
export interface Remote {
  url: string;
  /** Runs git with the token; a refused token is replaced once by a fresh one. @throws GitError */
  run(args: readonly string[], call: GitCall): Promise<GitAnswer>;
  /** Exact heads of the branches that exist. @throws GitError */
  heads(gitDir: string, branches: readonly string[]): Promise<Map<string, string>>;
}

/** @param signal ends every git that this remote runs */
export function openRemote(
  github: Pick<GitHub, 'gitToken' | 'cloneUrl'>,
  target: RemoteRepository,
  access: 'read' | 'write',
  signal?: AbortSignal,
): Remote {
  const url = github.cloneUrl(target.repository);
  const protocol = new URL(url).protocol.replace(':', '');

  async function once(args: readonly string[], call: GitCall, fresh: boolean): Promise<GitAnswer> {
    const { installationId, repositoryId } = target;
    const credentials =
      protocol === 'file'
        ? { env: {}, secrets: [] }
        : credentialsFor(url, await github.gitToken(installationId, repositoryId, access, { fresh }));
    return runGit(args, {
      timeoutMs: NETWORK_TIMEOUT_MS,
      signal,
      ...call,
      settings: [...NETWORK_SETTINGS, ...(call.settings ?? [])],
      env: { GIT_ALLOW_PROTOCOL: protocol, ...call.env, ...credentials.env },
      secrets: credentials.secrets,
    });
  }

  async function run(args: readonly string[], call: GitCall): Promise<GitAnswer> {
    try {
      return await once(args, call, false);
    } catch (error) {
      if (protocol === 'file' || !isUnauthorized(error)) throw error;
      return once(args, call, true);
    }
  }

  async function heads(gitDir: string, branches: readonly string[]): Promise<Map<string, string>> {
    const wanted = branches.map((branch) => `refs/heads/${branch}`);
    const { stdout } = await run(['ls-remote', '--refs', url, ...wanted], { gitDir });
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
