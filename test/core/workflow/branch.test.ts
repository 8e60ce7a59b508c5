import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { branchName } from '../../../src/core/workflow/branch.ts';
import { isValidBranch } from '../../../src/core/workflow/valid-branch.ts';

const definition = { required: true, default: null, description: '', pattern: null, enum: null, allowDash: false };
const workflow = (branch: string | null = null) => ({
  name: 'bump',
  branch,
  inputs: { version: definition, flavour: { ...definition, required: false } },
});

function gitTakes(name: string): boolean {
  try {
    execFileSync('git', ['check-ref-format', '--branch', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('the branch of a fleet', () => {
  it.each([
    [null, '2.0', 'fleet/bump-2.0'],
    ['fleet/bump-{{version}}', '2.0', 'fleet/bump-2.0'],
    ['{{ inputs.version }}/x', 'a_b-c', 'a_b-c/x'],
    ['chore/tidy', 'any', 'chore/tidy'],
  ])('of %j with %j is %s', (branch, version, expected) => {
    expect(branchName(workflow(branch), { version })).toBe(expected);
  });

  it('carries a hash of the inputs exactly when a value lost something', () => {
    expect(branchName(workflow(), { version: 'Feature X' })).toMatch(/^fleet\/bump-feature-x-[0-9a-f]{6}$/);
    expect(branchName(workflow(), { version: 'a'.repeat(25) })).toMatch(/^fleet\/bump-a{24}-[0-9a-f]{6}$/);
    expect(branchName(workflow(), { version: '日本' })).toMatch(/^fleet\/bump-x-[0-9a-f]{6}$/);
    expect(branchName(workflow(), { version: 'a b' })).not.toBe(branchName(workflow(), { version: 'a/b' }));
  });

  it('does not depend on the order of the inputs', () => {
    const one = branchName(workflow(), { version: 'A', flavour: 'b' });
    expect(branchName(workflow(), { flavour: 'b', version: 'A' })).toBe(one);
  });

  const hostile = [
    '..',
    '.lock',
    '-x',
    '@{',
    'a..b',
    '~^:?*[\\',
    ' ',
    '/',
    '//',
    '\u0007',
    '',
    'HEAD',
    '@',
    '.',
    '.lock.lock',
    '💥',
    '\ud800',
  ];
  it.each(
    hostile.flatMap((value) =>
      [null, '{{version}}', 'a.{{version}}', '{{version}}.x', 'a/{{version}}/b', `${'y'.repeat(90)}{{version}}`].map(
        (branch) => [branch, value] as const,
      ),
    ),
  )('of %j with %j is valid and short', (branch, version) => {
    const name = branchName(workflow(branch), { version });
    expect(isValidBranch(name), name).toBe(true);
    expect(name.length).toBeLessThanOrEqual(100);
  });
});

describe('a valid branch', () => {
  it.each(['main', 'fleet/bump-2.0', 'a/b.c', 'x@y', 'ä', 'a{b}'])('%j is one, for git too', (name) => {
    expect([isValidBranch(name), gitTakes(name)]).toEqual([true, true]);
  });
  it.each([
    '',
    '-a',
    'a..b',
    'a/',
    '/a',
    'a//b',
    'a.lock',
    'a.lock/b',
    '.a',
    'a/.b',
    'a.',
    'a b',
    'a~',
    'a^',
    'a:',
    'a?',
    'a*',
    'a[',
    'a\\',
    'a@{b',
    'a\u007f',
    'HEAD',
  ])('%j is none, for git neither', (name) => {
    expect([isValidBranch(name), gitTakes(name)]).toEqual([false, false]);
  });
  it.each(['@', 'refs/heads/a', 'a'.repeat(40), 'a'.repeat(245)])('%j is refused though git would take it', (name) => {
    expect(isValidBranch(name)).toBe(false);
  });
});
