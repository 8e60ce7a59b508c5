import { describe, expect, it } from 'vitest';
import { TaskFailure } from '../../src/core/failures.ts';
import { type ChangeLimits, guardChange } from '../../src/core/guards.ts';

const LIMITS: ChangeLimits = { maxFiles: 3, maxBytes: 100, protectedPaths: ['.github/workflows/**'] };

function categoryOf(paths: readonly string[], limits: Partial<ChangeLimits> = {}, refused: string[] = []) {
  const changes = paths.map((path) => ({ path, size: 10 }));
  try {
    guardChange(
      { changes, refused: refused.map((path) => ({ path, reason: 'a submodule' })) },
      { ...LIMITS, ...limits },
    );
    return 'let through';
  } catch (error) {
    if (error instanceof TaskFailure) return error.category;
    throw error;
  }
}

describe('a change', () => {
  it.each([
    ['of ordinary files', 'let through', ['a.ts', '.github/dependabot.yml'], {}],
    ['under a protected path', 'protected_path', ['a.ts', '.github/workflows/x/ci.yml'], {}],
    ['under a protected path in other letters', 'protected_path', ['.GitHub/Workflows/ci.yml'], {}],
    ['under a protected path as Windows writes it', 'protected_path', ['.github\\workflows\\ci.yml'], {}],
    ['under a protected path with dots at the end', 'protected_path', ['.github./workflows /ci.yml'], {}],
    ['under a protected path with a stream', 'protected_path', ['.github/workflows::$INDEX_ALLOCATION/ci.yml'], {}],
    ['under a protected path with a mark without width', 'protected_path', ['.github/work\u200cflows/ci.yml'], {}],
    ['under a protected path in parts of letters', 'protected_path', ['cafe\u0301/x'], { protectedPaths: ['café/**'] }],
    ['beside a protected path', 'let through', ['.github/workflows.md', 'github/workflows/x', '.github/./x'], {}],
    ['of too many files', 'too_large', ['a', 'b', 'c', 'd'], {}],
    ['of too many bytes', 'too_large', ['a', 'b'], { maxBytes: 19 }],
    ['where nothing is protected', 'let through', ['.github/workflows/ci.yml'], { protectedPaths: [] }],
    ['where a plan holds a glob that is refused today', 'config', ['a'], { protectedPaths: ['+(+(a))b'] }],
  ] as const)('%s: %s', (_, expected, paths, limits) => {
    expect(categoryOf(paths, limits)).toBe(expected);
  });

  it('with an entry that the workspace refused goes nowhere', () => {
    expect(categoryOf(['a'], {}, ['vendor'])).toBe('protected_path');
  });

  it('with hostile names is compared with hostile globs in linear time', () => {
    const protectedPaths = Array.from({ length: 50 }, (_, i) => `**/a*a*${i}*a*b/**/a/**/a/**/{a,b}c`);
    const started = performance.now();
    expect(categoryOf([`${`${'a'.repeat(250)}/`.repeat(16)}x`], { protectedPaths: ['**/*a*a*a*/**/*a*a*a*/c'] })).toBe(
      'let through',
    );
    const paths = [`${'a/'.repeat(2_000)}x`, `${`${'a'.repeat(250)}/`.repeat(16)}x`];
    expect(categoryOf(paths, { protectedPaths })).toBe('let through');
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
