import { TaskFailure } from './failures.ts';
import { foldedPath } from './folded-path.ts';
import { compilePathGlobs, pathGlobProblem } from './path-glob.ts';

export interface ChangeLimits {
  maxFiles: number;
  maxBytes: number;
  /** Globs on paths; changes there are refused. */
  protectedPaths: readonly string[];
}

interface GuardedSnapshot {
  changes: readonly { path: string; size: number }[];
  refused: readonly { path: string; reason: string }[];
}

const SHOWN = 5;

/**
 * Throws TaskFailure `protected_path` or `too_large` for a change that may not leave the workspace, and `config` for a glob
 * that the settings would refuse today but an older plan still holds.
 */
export function guardChange(snapshot: GuardedSnapshot, limits: ChangeLimits): void {
  guardTree(snapshot);
  const isProtected = protectedBy(limits.protectedPaths);
  const touched = snapshot.changes.filter(({ path }) => isProtected(path));
  if (touched.length > 0) {
    const shown = touched.slice(0, SHOWN).map(({ path }) => quote(path));
    throw new TaskFailure('protected_path', `The change touches ${list(shown, touched.length)}.`);
  }
  if (snapshot.changes.length > limits.maxFiles) {
    throw new TaskFailure('too_large', `${snapshot.changes.length} files changed; at most ${limits.maxFiles} may.`);
  }
  const bytes = snapshot.changes.reduce((sum, { size }) => sum + size, 0);
  if (bytes > limits.maxBytes) {
    throw new TaskFailure('too_large', `The changed files have ${bytes} bytes; at most ${limits.maxBytes} may change.`);
  }
}

/** Throws TaskFailure `protected_path` for a tree that git cannot carry as it is. */
export function guardTree({ refused }: Pick<GuardedSnapshot, 'refused'>): void {
  if (refused.length === 0) return;
  const shown = refused.slice(0, SHOWN).map(({ path, reason }) => `${quote(path)} (${reason})`);
  throw new TaskFailure('protected_path', `Refused: ${list(shown, refused.length)}.`);
}

function protectedBy(globs: readonly string[]): (path: string) => boolean {
  for (const glob of globs) {
    const problem = pathGlobProblem(glob);
    if (problem === undefined) continue;
    throw new TaskFailure('config', `The protected path ${quote(glob)} of this plan cannot be used: ${problem}.`);
  }
  const matches = compilePathGlobs(globs);
  // Twice, as a name that only Windows or macOS takes for a protected one is written over it in their clones.
  return (path) => matches(path) || matches(foldedPath(path));
}

const quote = (path: string): string => JSON.stringify(path);

function list(shown: readonly string[], all: number): string {
  return all > shown.length ? `${shown.join(', ')} and ${all - shown.length} more` : shown.join(', ');
}
