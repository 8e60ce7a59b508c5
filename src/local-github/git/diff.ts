import { rememberFacts } from './facts.ts';
import { runGit } from './run-git.ts';

export interface FileDiff {
  filename: string;
  previousFilename: string | null;
  status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  additions: number;
  deletions: number;
  /** Blob after the change; for a removed file, before it. */
  sha: string;
  /** The hunks, from the first `@@`; null for binary files and pure mode changes or renames. */
  patch: string | null;
  binary: boolean;
}

const options = ['--no-ext-diff', '--no-textconv', '--no-color', '--find-renames', '--full-index', '--no-abbrev'];
const rawLine = /^:(\d{6}) (\d{6}) ([0-9a-f]{40}) ([0-9a-f]{40}) ([A-Z])/;

export type FileChange = Omit<FileDiff, 'patch'>;

const summaries = rememberFacts<readonly FileChange[]>(500);

/** The files that differ between two trees or commits, in git's order, without their hunks. */
export function diffSummary(gitDirectory: string, from: string, to: string): Promise<readonly FileChange[]> {
  return summaries(gitDirectory, [from, to], async () => {
    const { stdout } = await runGit(gitDirectory, ['diff', ...options, '--raw', '--numstat', '-z', from, to]);
    return parseSummary(stdout.toString().split('\0'));
  });
}

/** The same with their hunks. `from` may be the empty tree. */
export async function diffFiles(gitDirectory: string, from: string, to: string): Promise<FileDiff[]> {
  const [files, patches] = await Promise.all([
    diffSummary(gitDirectory, from, to),
    runGit(gitDirectory, ['diff', ...options, '-p', from, to]),
  ]);
  const hunks = parsePatches(patches.stdout.toString());
  return files.map((file, position) => ({ ...file, patch: hunks[position] ?? null }));
}

/** The whole difference as text, as `git diff` prints it. */
export async function diffText(gitDirectory: string, from: string, to: string): Promise<string> {
  return (await runGit(gitDirectory, ['diff', ...options, '-p', from, to])).stdout.toString();
}

/**
 * The commits as mails, as `git format-patch` prints them.
 * @param from those after it, without merges; null for `to` alone, which must be no merge then: git would silently
 * print the commit before it
 */
export async function patchText(gitDirectory: string, from: string | null, to: string): Promise<string> {
  const range = from === null ? ['-1', '--root', to] : [`${from}..${to}`];
  const args = ['format-patch', '--stdout', '--no-ext-diff', '--no-textconv', '--full-index', ...range];
  return (await runGit(gitDirectory, args)).stdout.toString();
}

function parseSummary(parts: string[]): FileChange[] {
  const files: FileChange[] = [];
  let position = 0;
  const take = (): string => parts[position++] ?? '';
  while (position < parts.length) {
    const match = rawLine.exec(parts[position] ?? '');
    if (match === null) break;
    position += 1;
    const [, , , before = '', after = '', letter = 'M'] = match;
    const first = take();
    const renamed = letter === 'R' || letter === 'C';
    files.push({
      filename: renamed ? take() : first,
      previousFilename: renamed ? first : null,
      status: statusOf(letter),
      additions: 0,
      deletions: 0,
      sha: letter === 'D' ? before : after,
      binary: false,
    });
  }
  for (const file of files) {
    const [added = '0', deleted = '0', name = ''] = take().split('\t');
    if (name === '') position += 2;
    file.binary = added === '-';
    file.additions = Number(added === '-' ? 0 : added);
    file.deletions = Number(deleted === '-' ? 0 : deleted);
  }
  return files;
}

function statusOf(letter: string): FileDiff['status'] {
  switch (letter) {
    case 'A':
    case 'C':
      return 'added';
    case 'D':
      return 'removed';
    case 'R':
      return 'renamed';
    case 'T':
      return 'changed';
    default:
      return 'modified';
  }
}

function parsePatches(text: string): (string | null)[] {
  return text
    .split(/^diff --git .*\n/m)
    .slice(1)
    .map((part) => {
      const start = part.search(/^@@ /m);
      return start < 0 ? null : part.slice(start).replace(/\n$/, '');
    });
}

/** Paths that differ between two commits; of a renamed file, the new one. */
export async function changedPaths(gitDirectory: string, from: string, to: string): Promise<string[]> {
  return (await diffSummary(gitDirectory, from, to)).map(({ filename }) => filename);
}

export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
