import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createWorkspaces } from '../../../src/platform/git/create-workspaces.ts';
import type { GitHub } from '../../../src/ports/github.ts';
import type { Sandbox } from '../../../src/ports/sandbox.ts';
import type { WorkspaceRequest, Workspaces } from '../../../src/ports/workspace.ts';
import { unboxed, usualSandbox } from '../../sandboxes.ts';

export interface GitWorld {
  root: string;
  dataDir: string;
  /** Bare repositories, `<owner>/<name>.git`. */
  served: string;
  workspaces: Workspaces;
  /** Every log line, as text. */
  logged: string[];
  origin(repository?: string): string;
  /** Runs git in the bare repository. */
  git(args: readonly string[], repository?: string): string;
  /** Commits files to a branch of the served repository; `null` deletes, `exec` makes executable. Returns the sha. */
  commit(files: Record<string, string | Buffer | null>, options?: CommitOptions): string;
  close(): void;
}

interface CommitOptions {
  branch?: string;
  repository?: string;
  message?: string;
  executable?: readonly string[];
}

/** Trees are kept only where what a task started ends with its box, and on file systems that are trusted. */
export const FILTERED: Sandbox = { ...unboxed, boxed: true, filtered: true };
export const HERE: ReadonlySet<number> = new Set([statfsSync(tmpdir()).type]);

/** The clock's time. */
export const NOW = Date.UTC(2026, 4, 4, 9, 0, 0);

const GIT_ENV = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Mona',
  GIT_AUTHOR_EMAIL: 'mona@example.com',
  GIT_COMMITTER_NAME: 'Mona',
  GIT_COMMITTER_EMAIL: 'mona@example.com',
};

export function runGitIn(directory: string, args: readonly string[], env: Record<string, string> = {}): string {
  return execFileSync('git', args, {
    cwd: directory,
    env: { ...GIT_ENV, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

export function makeGitWorld(
  github?: (served: string) => Pick<GitHub, 'gitToken' | 'cloneUrl'>,
  sandbox: Sandbox = usualSandbox,
  keeping: { keptOn?: ReadonlySet<number>; freeBytes?: () => Promise<number> } = {},
): GitWorld {
  const root = mkdtempSync(join(tmpdir(), 'flotilla git:'));
  const served = join(root, 'served');
  const dataDir = join(root, 'data');
  const logged: string[] = [];
  const line = (fields: object, message: string): void => {
    logged.push(`${message} ${JSON.stringify(fields)}`);
  };
  const origin = (repository = 'acme/api'): string => join(served, `${repository}.git`);
  const workspaces = createWorkspaces({
    dataDir,
    github: github?.(served) ?? {
      gitToken: () => Promise.reject(new Error('A file URL needs no token.')),
      cloneUrl: (name) => `file://${encodeURI(origin(name))}`,
    },
    clock: { now: () => NOW },
    log: { debug: line, info: line, warn: line, error: line },
    sandbox,
    ...keeping,
  });

  function commit(files: Record<string, string | Buffer | null>, options: CommitOptions = {}): string {
    const directory = origin(options.repository);
    const branch = options.branch ?? 'main';
    if (!existsSync(directory)) {
      mkdirSync(directory, { recursive: true });
      runGitIn(directory, ['init', '-q', '--bare', '-b', 'main']);
    }
    const work = mkdtempSync(join(root, 'work-'));
    runGitIn(work, ['clone', '-q', directory, 'clone']);
    const clone = join(work, 'clone');
    const exists = runGitIn(clone, ['branch', '-r', '--list', `origin/${branch}`]) !== '';
    runGitIn(clone, exists ? ['checkout', '-q', '-B', branch, `origin/${branch}`] : ['checkout', '-q', '-B', branch]);
    for (const [path, content] of Object.entries(files)) {
      if (content === null) rmSync(join(clone, path));
      else write(clone, path, content);
    }
    for (const path of options.executable ?? []) chmodSync(join(clone, path), 0o755);
    runGitIn(clone, ['add', '-A']);
    runGitIn(clone, ['commit', '-q', '--allow-empty', '-m', options.message ?? 'Seed']);
    runGitIn(clone, ['push', '-q', 'origin', `HEAD:refs/heads/${branch}`]);
    const sha = runGitIn(clone, ['rev-parse', 'HEAD']);
    rmSync(work, { recursive: true });
    return sha;
  }

  mkdirSync(served, { recursive: true });
  return {
    root,
    dataDir,
    served,
    workspaces,
    logged,
    origin,
    git: (args, repository) => runGitIn(origin(repository), args),
    commit,
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

export function write(folder: string, path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

export function requestFor(changes: Partial<WorkspaceRequest> = {}): WorkspaceRequest {
  return {
    installationId: 1,
    fleetId: 'f-aaaaaaaa',
    taskId: 't-aaaaaaaaaaaa',
    attempt: 1,
    repositoryId: 101,
    repository: 'acme/api',
    folder: changes.repository ?? 'acme/api',
    baseBranch: null,
    defaultBranch: 'main',
    branch: 'fleet/bump',
    ...changes,
  };
}

/** Every regular file under a folder whose bytes contain the text. */
export function filesContaining(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .filter((path) => readFileSync(path).includes(text));
}
