import { judge } from './judge-message.ts';
import { Ledger } from './ledger.ts';
import { onMessage } from './messages.ts';
import { appendFinding, writeCounts } from './record.ts';

/** Preloaded into a process that a test starts; what it finds, the test that started it is told. */
const folder = process.env.CONTRACT_FOLDER;
const owner = process.env.CONTRACT_OWNER;
if (folder !== undefined && owner !== undefined) {
  const ledger = new Ledger({
    onViolation: (violation) => appendFinding(folder, owner, { violation }),
    onUse: (used) => appendFinding(folder, owner, { used }),
  });
  // At once: the process may be killed.
  onMessage((message) => judge(ledger, message));
  process.on('exit', () => writeCounts(folder, `${owner}-${process.pid}`, ledger.counts));
}
