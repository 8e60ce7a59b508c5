import { afterAll, beforeEach, inject } from 'vitest';
import { missedFaults, unlistedFaults } from '../permissions/app-operations.ts';
import { ledger, owner, takeHeard } from './heard.ts';
import { takeFindings, writeCounts } from './record.ts';

/** Runs in every test file: a violation fails the test that caused it. */
const folder = inject('contractFolder');

/** A story of thousands of repositories leaves thousands of messages. */
const JUDGING_MS = 300_000;

/** What was found since the last time, and the operations that the app of this process used meanwhile. */
async function takeFaults(): Promise<{ faults: Set<string>; used: ReadonlySet<string> }> {
  const messages = takeHeard();
  if (messages.length > 0) {
    // Loaded only where there is something to judge: most tests send nothing.
    const { judge } = await import('./judge-message.ts');
    for (const message of messages) judge(ledger, message);
  }
  const used = ledger.takeUsed();
  const faults = new Set([...ledger.takeViolations(), ...unlistedFaults(used)]);
  for (const found of takeFindings(folder, owner)) {
    if ('violation' in found) faults.add(found.violation);
    else for (const fault of unlistedFaults([found.used])) faults.add(fault);
  }
  return { faults, used };
}

/** @throws Error that lists the faults, when there is one */
function complain(faults: Iterable<string>, where: string): void {
  const lines = [...faults];
  if (lines.length > 0) throw new Error(`GitHub's contract is violated${where}.\n${lines.join('\n')}`);
}

beforeEach(async ({ task, onTestFinished }) => {
  // Registered first, it runs last: what a world does while it closes is still this test's.
  onTestFinished(async () => {
    const { faults, used } = await takeFaults();
    complain(faults, '');
    if (task.result?.state !== 'fail') complain(missedFaults(task.file.name, task.name, used), '');
  }, JUDGING_MS);
  complain((await takeFaults()).faults, ' before this test');
});

afterAll(async () => {
  try {
    complain((await takeFaults()).faults, ' outside of a test');
  } finally {
    writeCounts(folder, owner, ledger.counts);
  }
});
