import { afterAll, beforeEach, inject } from 'vitest';
import { coverageFaults } from '../permissions/app-operations.ts';
import { Ledger } from './ledger.ts';
import { takeViolations, writeCounts } from './record.ts';
import { watchContract } from './watch.ts';

/** Runs in every test file: a violation fails the test that caused it. */
const folder = inject('contractFolder');
const owner = String(process.pid);
const ledger = new Ledger();
watchContract(ledger);

/** @throws Error with every violation since the last look */
function failOnViolations(where: string): void {
  const violations = new Set([...ledger.takeViolations(), ...takeViolations(folder, owner)]);
  if (violations.size > 0) throw new Error(`GitHub's contract is violated${where}.\n${[...violations].join('\n')}`);
}

beforeEach(({ task, onTestFinished }) => {
  // Registered first, it runs last: what a world does while it closes is still this test's.
  onTestFinished(() => {
    const used = ledger.takeUsed();
    failOnViolations('');
    if (task.result?.state === 'fail') return;
    const faults = coverageFaults(task.file.name, task.name, used);
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });
});

afterAll(() => {
  writeCounts(folder, owner, ledger.counts);
  failOnViolations(' outside of a test');
});
