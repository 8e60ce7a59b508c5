import { afterAll, beforeEach, expect, inject } from 'vitest';
import { coverageFaults } from './app-operations.ts';
import { Ledger } from './ledger.ts';
import { takeViolations, writeCounts } from './record.ts';
import { watchContract } from './watch.ts';

/** Runs in every test file: a violation fails the test that caused it. */
const folder = inject('contractFolder');
const owner = String(process.pid);
const ledger = new Ledger();
watchContract(ledger);

const violations = (): string[] => [...new Set([...ledger.takeViolations(), ...takeViolations(folder, owner)])];

beforeEach(({ task, onTestFinished }) => {
  // Registered first, it runs last: what a world does while it closes is still this test's.
  onTestFinished(() => {
    expect(violations(), "violations of GitHub's contract").toEqual([]);
    const used = ledger.takeUsed();
    if (task.result?.state !== 'fail') expect(coverageFaults(task.file.name, task.name, used)).toEqual([]);
  });
});

afterAll(() => {
  writeCounts(folder, owner, ledger.counts);
  expect(violations(), "violations of GitHub's contract outside of a test").toEqual([]);
});
