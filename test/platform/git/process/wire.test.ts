import { expect, it } from 'vitest';
import { TaskFailure } from '../../../../src/core/failures.ts';
import { outcomeOf, receivedError, sentError } from '../../../../src/platform/git/process/wire.ts';
import { GitHubError } from '../../../../src/ports/github-reads.ts';
import { isDiskFull } from '../../../../src/worker/disk-full.ts';

/** As between processes. */
const crossed = (error: unknown): Error => receivedError(structuredClone(sentError(error)));

it('an error keeps what callers look at', () => {
  const failure = crossed(new TaskFailure('push_rejected', 'Refused.'));
  expect(failure).toBeInstanceOf(TaskFailure);
  expect(failure).toMatchObject({ category: 'push_rejected', message: 'Refused.' });
  const limited = crossed(new GitHubError('limited', 403, 'Later.', { retryAt: 17 }));
  expect(limited).toBeInstanceOf(GitHubError);
  expect(limited).toMatchObject({ kind: 'limited', status: 403, retryAt: 17, message: 'Later.' });
  expect(crossed(new GitHubError('refused', 404, 'No.'))).toMatchObject({ retryAt: null });
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  expect(isDiskFull(crossed(new TaskFailure('clone', 'Cannot clone', { cause: full })))).toBe(true);
  expect(crossed('a word')).toMatchObject({ name: 'Error', message: 'a word' });
});

it('work that throws at once has an outcome too', async () => {
  const thrown = await outcomeOf(() => {
    throw new TaskFailure('config', 'Wrong.');
  });
  expect(thrown).toEqual({ ok: false, error: { name: 'TaskFailure', message: 'Wrong.', category: 'config' } });
  expect(await outcomeOf(() => 1)).toEqual({ ok: true, value: 1 });
});
