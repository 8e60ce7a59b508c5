/** A thread of its own, as patterns over hostile text cannot be bounded in time but by ending what runs them. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LeavingText } from '../../ports/secrets.ts';
import { searchText } from './search-text.ts';

const texts: readonly LeavingText[] = workerData;
for (const text of texts) {
  const found = await searchText(text);
  if (found.length > 0) parentPort?.postMessage(found);
}
