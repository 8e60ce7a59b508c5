import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TaskFailure } from '../../src/core/failures.ts';
import { GitError } from '../../src/platform/git/git-error.ts';
import { isDiskFull } from '../../src/worker/disk-full.ts';

const thrownBy = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail.');
};

test.skipIf(process.platform !== 'linux')('a write that met a full disk is known, however deep it is told', () => {
  const full = thrownBy(() => writeFileSync('/dev/full', 'text'));
  expect(isDiskFull(full)).toBe(true);
  expect(isDiskFull(new TaskFailure('internal', 'Cannot write the outputs of nodes', { cause: full }))).toBe(true);
});

test('git and SQLite say it in their own words, and what a command or GitHub said of theirs does not count', () => {
  const end = { code: 128, stdout: '', timedOut: false, aborted: false };
  const stderr = 'fatal: write error: No space left on device';
  expect(
    isDiskFull(new TaskFailure('clone', 'Cannot clone', { cause: new GitError('fetch', { ...end, stderr }) })),
  ).toBe(true);
  expect(isDiskFull(Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }))).toBe(true);
  expect(isDiskFull(new TaskFailure('command', 'Node `build` failed: No space left on device'))).toBe(false);
  expect(isDiskFull(new TaskFailure('push_rejected', 'remote: No space left on device'))).toBe(false);
  expect(isDiskFull(new Error('Permission denied'))).toBe(false);
  expect(isDiskFull('No space left on device')).toBe(false);
});
