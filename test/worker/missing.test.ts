import { expect, test } from 'vitest';
import { requireEvidence, requirePrograms } from '../../src/worker/missing.ts';
import { applies } from '../../src/worker/only-if.ts';
import { TaskCancelled } from '../../src/worker/task-cancelled.ts';
import { givenRun } from './given-run.ts';

const going = new AbortController().signal;

test.each(['if', 'shopt', 'typeset'])('what only bash itself knows is no program: %s', async (name) => {
  const run = givenRun({ requires: ['bash', name] }, going);
  await expect(requirePrograms(run)).rejects.toMatchObject({
    category: 'config',
    message: `The workflow requires \`${name}\`, which this machine does not have.`,
  });
});

test('programs on PATH are found, though bash has its own of that name', async () => {
  await requirePrograms(givenRun({ requires: ['bash', 'node', 'test'] }, going));
});

test('a task that is stopped while it looks around was cancelled, no command failed', async () => {
  const run = givenRun({ requires: ['bash'], evidence: ['x.md'], onlyIf: 'true' }, AbortSignal.abort());
  await expect(requirePrograms(run)).rejects.toThrow(TaskCancelled);
  await expect(requireEvidence(run)).rejects.toThrow(TaskCancelled);
  await expect(applies(run)).rejects.toThrow(TaskCancelled);
});
