import { afterAll, beforeEach, inject } from 'vitest';
import { coverageFaults } from '../permissions/app-operations.ts';
import { ledger, takeHeard } from './heard.ts';
import { takeViolations, writeCounts } from './record.ts';

/** Runs in every test file: a violation fails the test that caused it. */
const folder = inject('contractFolder');
const owner = String(process.pid);

/** @throws Error with every violation since the last time */
async function judgeHeard(where: string): Promise<void> {
  const messages = takeHeard();
  if (messages.length > 0) {
    // Loaded only where there is something to judge: most tests send nothing.
    const { judge } = await import('./judge-message.ts');
    for (const message of messages) judge(ledger, message);
  }
  const violations = new Set([...ledger.takeViolations(), ...takeViolations(folder, owner)]);
  if (violations.size > 0) throw new Error(`GitHub's contract is violated${where}.\n${[...violations].join('\n')}`);
}

beforeEach(({ task, onTestFinished }) => {
  // Registered first, it runs last: what a world does while it closes is still this test's.
  onTestFinished(async () => {
    await judgeHeard('');
    const used = ledger.takeUsed();
    if (task.result?.state === 'fail') return;
    const faults = coverageFaults(task.file.name, task.name, used);
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });
});

afterAll(async () => {
  try {
    await judgeHeard(' outside of a test');
  } finally {
    writeCounts(folder, owner, ledger.counts);
  }
});
