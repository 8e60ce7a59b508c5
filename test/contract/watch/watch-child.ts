import { Ledger } from './ledger.ts';
import { appendViolation, writeCounts } from './record.ts';
import { watchContract } from './watch.ts';

/** Preloaded into a process that a test starts; what it finds, the test that started it is told. */
const folder = process.env.CONTRACT_FOLDER;
const owner = process.env.CONTRACT_OWNER;
if (folder !== undefined && owner !== undefined) {
  const ledger = new Ledger((violation) => appendViolation(folder, owner, violation));
  watchContract(ledger);
  process.on('exit', () => writeCounts(folder, `${owner}-${process.pid}`, ledger.counts));
}
