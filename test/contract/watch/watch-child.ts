import { createRequire } from 'node:module';
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
  // At once, because the process may be killed; loaded only where there is something to judge.
  const load = createRequire(import.meta.url);
  onMessage((message) => {
    const { judge }: typeof import('./judge-message.ts') = load('./judge-message.ts');
    judge(ledger, message);
  });
  process.on('exit', () => writeCounts(folder, `${owner}-${process.pid}`, ledger.counts));
}
