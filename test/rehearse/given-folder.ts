import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const GIT_ENV = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Mona',
  GIT_AUTHOR_EMAIL: 'mona@example.com',
  GIT_COMMITTER_NAME: 'Mona',
  GIT_COMMITTER_EMAIL: 'mona@example.com',
};

/** A new folder, removed when the test ends. */
export function givenFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-rehearse-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function git(folder: string, ...args: string[]): string {
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  return execFileSync('git', args, { cwd: folder, env: GIT_ENV, encoding: 'utf8', stdio: [...stdio] }).trim();
}

export function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** A git repository on `main` with these files as its one commit; without files, HEAD is unborn. */
export function givenRepository(path: string, files: Readonly<Record<string, string>> = { VERSION: '1.0\n' }): string {
  mkdirSync(path, { recursive: true });
  git(path, 'init', '--quiet', '--template=', '--initial-branch=main');
  for (const [name, text] of Object.entries(files)) write(join(path, name), text);
  if (Object.keys(files).length === 0) return path;
  git(path, 'add', '--all');
  git(path, 'commit', '--quiet', '--message=First');
  return path;
}

/** What must not change of a person's repository. The index comes first: asking for the status may rewrite it. */
export function stateOf(path: string) {
  const index = join(path, '.git', 'index');
  const { mtimeNs, ino } = statSync(index, { bigint: true });
  const bytes = readFileSync(index).toString('base64');
  const refs = git(path, 'for-each-ref', '--format=%(refname) %(objectname)');
  const status = git(path, '--no-optional-locks', 'status', '--porcelain', '--branch');
  return { index: { mtimeNs, ino, bytes }, head: git(path, 'rev-parse', 'HEAD'), refs, status };
}
