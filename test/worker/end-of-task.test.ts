import { join } from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { FAILURES, type FailureCategory, TaskFailure } from '../../src/core/failures.ts';
import { EffectPending } from '../../src/effects/effect-pending.ts';
import { GitError } from '../../src/platform/git/git-error.ts';
import { toTaskFailure } from '../../src/platform/git/git-failure.ts';
import { GitHubError } from '../../src/ports/github-reads.ts';
import type { EffectRow } from '../../src/store/contract/effects.ts';
import { StoreFull } from '../../src/store/contract/store-full.ts';
import { PUBLISHING_PATIENCE_MS, type TaskEnd } from '../../src/store/contract/tasks.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { endOf } from '../../src/worker/end-of-task.ts';
import { PatchOutdated } from '../../src/worker/patch-outdated.ts';
import { settleStopped } from '../../src/worker/settle-stopped.ts';
import { TaskCancelled, TaskStopped } from '../../src/worker/task-cancelled.ts';
import { TaskDrained } from '../../src/worker/task-drained.ts';
import { TaskParked } from '../../src/worker/task-parked.ts';
import { TaskPaused } from '../../src/worker/task-paused.ts';
import { TaskWaiting } from '../../src/worker/task-waiting.ts';
import { WorkspaceLost } from '../../src/worker/workspace-lost.ts';
import { insertReady, silentLog, startTask, temporaryFolder } from '../store/fixtures.ts';
import { givenRun } from './given-run.ts';

type Stop = Parameters<typeof endOf>[1];
const NOBODY: Stop = { timedOut: false, cancelRequested: false };
const OUT_OF_TIME: Stop = { timedOut: true, cancelRequested: false };
const BY_A_PERSON: Stop = { timedOut: false, cancelRequested: true };

const categoryOf = (end: TaskEnd): FailureCategory => {
  switch (end.status) {
    case 'completed':
      throw new Error('An error completed the task.');
    case 'cancelled':
      return 'cancelled';
    case 'failed':
    case 'timed_out':
      return end.category;
  }
};

/** As git says it of a fetch, or as it ended. */
function git(stderr: string, end: { timedOut?: boolean; aborted?: boolean } = {}): unknown {
  const error = new GitError('fetch', { code: 128, stdout: '', stderr, timedOut: false, aborted: false, ...end });
  return toTaskFailure(error, 'Cannot fetch acme/one', 'clone');
}
const refused = (status: number, message = 'no') => new GitHubError('refused', status, message);
const limited = new GitHubError('limited', 429, 'secondary rate limit', { retryAt: 60_000 });
const silent = new GitHubError('unknown', 0, 'no answer');
const full = Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' });
const SCOPE = 'There is at least one repository that does not exist or is not accessible to the parent installation.';

describe('an error that ends a task has one category', () => {
  const table: [name: string, error: unknown, stop: Stop, status: TaskEnd['status'], category: FailureCategory][] = [
    ['git: no access', git('fatal: Authentication failed'), NOBODY, 'failed', 'permission'],
    ['git: forbidden', git('fatal: The requested URL returned error: 403'), NOBODY, 'failed', 'permission'],
    ['git: gone', git('fatal: The requested URL returned error: 404'), NOBODY, 'failed', 'not_found'],
    ['git: renamed', git('fatal: The requested URL returned error: 301'), NOBODY, 'failed', 'not_found'],
    ['git: a limit', git('fatal: The requested URL returned error: 429'), NOBODY, 'failed', 'rate_limited'],
    ['git: the server failed', git('fatal: The requested URL returned error: 503'), NOBODY, 'failed', 'network'],
    ['git: the connection', git('fatal: unable to access: Connection reset by peer'), NOBODY, 'failed', 'network'],
    ['git: slow', git('', { timedOut: true }), NOBODY, 'failed', 'network'],
    ['git: anything else', git('fatal: bad object'), NOBODY, 'failed', 'clone'],
    ['git: stopped by the time limit', git('', { aborted: true }), OUT_OF_TIME, 'timed_out', 'timeout'],
    ['git: stopped by a cancel', git('', { aborted: true }), BY_A_PERSON, 'cancelled', 'cancelled'],
    ['git: stopped', git('', { aborted: true }), NOBODY, 'cancelled', 'cancelled'],
    ['GitHub: unauthorized', refused(401), NOBODY, 'failed', 'permission'],
    ['GitHub: forbidden', refused(403), NOBODY, 'failed', 'permission'],
    ['GitHub: not found', refused(404), NOBODY, 'failed', 'not_found'],
    ['GitHub: gone', refused(410), NOBODY, 'failed', 'not_found'],
    ['GitHub: no token for a deleted repository', refused(422, SCOPE), NOBODY, 'failed', 'not_found'],
    ['GitHub: not so', refused(422), NOBODY, 'failed', 'permission'],
    ['GitHub: a limit', limited, NOBODY, 'failed', 'rate_limited'],
    ['GitHub: no answer', silent, NOBODY, 'failed', 'network'],
    ['GitHub: 502', new GitHubError('unknown', 502, 'Bad gateway'), NOBODY, 'failed', 'network'],
    ['GitHub, while the time ran out', refused(404), OUT_OF_TIME, 'failed', 'not_found'],
    ['GitHub, while a person cancelled', silent, BY_A_PERSON, 'cancelled', 'cancelled'],
    ['a command, while the time ran out', new TaskFailure('command', 'no'), OUT_OF_TIME, 'failed', 'command'],
    ['the time limit of the task', new TaskStopped(), OUT_OF_TIME, 'timed_out', 'timeout'],
    ['a cancel before the push', new TaskCancelled(), NOBODY, 'cancelled', 'cancelled'],
    ['a `cancel` node', new TaskCancelled('by hand'), NOBODY, 'cancelled', 'cancelled'],
    ['a push of which nobody knows', new TaskParked('unknown', 9), NOBODY, 'failed', 'network'],
    ['a drain after a cancel', new TaskDrained(), BY_A_PERSON, 'cancelled', 'cancelled'],
    ['a pause after a cancel', new TaskPaused(), BY_A_PERSON, 'cancelled', 'cancelled'],
    ['a lost workspace after a cancel', new WorkspaceLost(), BY_A_PERSON, 'cancelled', 'cancelled'],
    ['a patch out of date after a cancel', new PatchOutdated('Its base moved'), BY_A_PERSON, 'cancelled', 'cancelled'],
    ['a full disk after a cancel', full, BY_A_PERSON, 'cancelled', 'cancelled'],
    ['a bug', new TypeError('x is not a function'), NOBODY, 'failed', 'internal'],
    ['a bug, while the time ran out', new TypeError('x is not a function'), OUT_OF_TIME, 'failed', 'internal'],
    ['what is no error', 'thrown', NOBODY, 'failed', 'internal'],
  ];
  it.each(table)('%s', (_, error, stop, status, category) => {
    const end = endOf(error, stop);
    expect([end.status, categoryOf(end)]).toEqual([status, category]);
    expect(end.reason).not.toBe('');
  });

  it.each(Object.keys(FAILURES).filter((category): category is FailureCategory => category in FAILURES))(
    'a failure of category %s keeps it',
    (category) => {
      const end = endOf(new TaskFailure(category, 'why'), NOBODY);
      expect(categoryOf(end)).toBe(category);
      const own: Partial<Record<FailureCategory, string>> = { timeout: 'timed_out', cancelled: 'cancelled' };
      expect(end).toMatchObject({ status: own[category] ?? 'failed', reason: 'why' });
      expect(categoryOf(endOf(new TaskFailure(category, 'why'), BY_A_PERSON))).toBe('cancelled');
    },
  );
});

/** How a running task stands after its worker met that error. */
async function settled(
  error: (now: number) => unknown,
  options: { publishedAgo?: number; cancelled?: boolean; stop?: Partial<Parameters<typeof settleStopped>[3]> } = {},
): Promise<string> {
  const { publishedAgo, cancelled = false, stop } = options;
  const folder = await temporaryFolder();
  const store = await openStore({ file: join(folder.path, 'flotilla.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  const { context } = givenRun({}, new AbortController().signal, store);
  const now = context.clock.now();
  await insertReady(store, 'f-1', 1);
  const task = await startTask(store, 'f-1/0', now + 60_000);
  if (publishedAgo !== undefined) {
    await store.write((tx) => tx.tasks.enterPublishing(task, 'tree', now - publishedAgo));
  }
  if (cancelled) {
    await store.write(async (tx) => {
      await tx.fleets.requestCancel('f-1', now, { id: 1, login: 'mona' });
      await tx.tasks.cancelFleet('f-1', 'mona cancelled the fleet.', now);
    });
  }
  const row = await store.read.tasks.get('f-1/0');
  if (row === undefined) throw new Error('There is no task.');
  await settleStopped(context, row, error(now), { timedOut: false, stopped: false, ...stop });
  const after = await store.read.tasks.get('f-1/0');
  return after?.category ?? after?.status ?? 'none';
}

const pending: EffectRow = {
  id: 'e-1',
  key: 'pull_request:t:1:abc',
  installationId: 7,
  fleetId: 'f-1',
  taskId: 'f-1/0',
  request: { kind: 'pull_request_edit', repository: 'acme/one', number: 1, title: 'Bump' },
  state: 'unknown',
  result: null,
  error: null,
  intendedAt: 1,
  sentAt: 1,
  unanswered: 1,
  unansweredSince: 1,
  looks: 0,
  notBefore: 0,
  fence: 1,
};

test.each<[string, (now: number) => unknown, string, Parameters<typeof settled>[1]?]>([
  ['the server stops', () => new TaskDrained(), 'queued'],
  ['the server stops and has killed it', () => new TaskStopped(), 'queued', { stop: { stopped: true } }],
  ['the fleet is paused', () => new TaskPaused(), 'queued'],
  ['its workspace is lost', () => new WorkspaceLost(), 'queued'],
  ['what was prepared is out of date', () => new PatchOutdated('Its base moved'), 'queued'],
  ['a request has no answer yet', (now) => new EffectPending(pending, now + 30_000), 'queued'],
  ['GitHub has a limit', () => limited, 'queued'],
  ['git meets a limit', () => git('fatal: The requested URL returned error: 429'), 'queued'],
  ['the disk is full', () => full, 'queued'],
  ['the disk is full for git', () => git('fatal: write error: No space left on device'), 'queued'],
  ['the disk is full for the store', () => new StoreFull('database or disk is full'), 'queued'],
  ['nobody knows whether its push landed', (now) => new TaskParked('?', now + 9), 'queued', { publishedAgo: 1 }],
  ['GitHub is away while it publishes', () => silent, 'queued', { publishedAgo: 1 }],
])('no error ends a task while %s, but a person may', async (_, error, status, options) => {
  expect(await settled(error, options)).toBe(status);
  if (options?.publishedAgo === undefined)
    expect(await settled(error, { ...options, cancelled: true })).toBe('cancelled');
});

test('what waiting does not mend ends it after hours, in one category', async () => {
  const late = { publishedAgo: PUBLISHING_PATIENCE_MS };
  expect(await settled((now) => new TaskParked('?', now + 9), late)).toBe('network');
  expect(await settled(() => silent, late)).toBe('network');
  expect(await settled(() => silent)).toBe('network');
  expect(await settled(() => git('fatal: The requested URL returned error: 503'))).toBe('network');
});

test('a decision is waited for by what asks for one alone: else it is a bug, which is thrown', async () => {
  await expect(settled(() => new TaskWaiting())).rejects.toThrow('waits for nothing');
});
