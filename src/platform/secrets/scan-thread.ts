/** A thread of its own, as patterns over hostile text cannot be bounded in time but by ending what runs them. */
import { parentPort } from 'node:worker_threads';
import type { FoundSecret, LeavingText } from '../../ports/secrets.ts';
import { searchText } from './search-text.ts';

parentPort?.on('message', async (texts: readonly LeavingText[]) => {
  const found: FoundSecret[] = [];
  for (const text of texts) found.push(...(await searchText(text)));
  parentPort?.postMessage(found);
});
