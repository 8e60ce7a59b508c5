import { Worker } from 'node:worker_threads';
import { TaskFailure } from '../../core/failures.ts';
import type { FoundSecret, SecretScan } from '../../ports/secrets.ts';
import { after } from '../process/deadline.ts';

/** A change of 5 MiB takes a second; what takes so much longer was made to. */
const TIMEOUT_MS = 60_000;
const MEMORY_MIB = 512;
const THREAD = new URL('./scan-thread.ts', import.meta.url);

/** By the rules of secretlint and our own shapes, in a thread that ends when it takes too long or too much. */
export function createSecretScan({ timeoutMs = TIMEOUT_MS, memoryMib = MEMORY_MIB } = {}): SecretScan {
  return {
    async find(texts, { signal } = {}) {
      if (texts.length === 0) return [];
      if (signal?.aborted) throw new TaskFailure('cancelled', 'The search for secrets was stopped.');
      const thread = new Worker(THREAD, {
        workerData: texts.map(({ path, content }) => ({ path, content: new Uint8Array(content) })),
        resourceLimits: { maxOldGenerationSizeMb: memoryMib },
        // The server's environment holds its keys, and nothing here reads it.
        env: {},
      });
      return await foundBy(thread, { timeoutMs, signal });
    },
  };
}

function foundBy(
  thread: Worker,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined },
): Promise<FoundSecret[]> {
  return new Promise((resolve, reject) => {
    const found: FoundSecret[] = [];
    const fail = (error: unknown): void => {
      reject(error);
      void thread.terminate();
    };
    const onAbort = (): void => fail(new TaskFailure('cancelled', 'The search for secrets was stopped.'));
    const cancelTimeout = after(timeoutMs, () => fail(tooLarge(`takes longer than ${timeoutMs / 1000} s`)));
    signal?.addEventListener('abort', onAbort, { once: true });
    thread.on('message', (more: FoundSecret[]) => found.push(...more));
    thread.on('error', (error) => fail(isOutOfMemory(error) ? tooLarge('needs too much memory') : error));
    thread.on('exit', () => {
      cancelTimeout();
      signal?.removeEventListener('abort', onAbort);
      resolve(found);
    });
  });
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

const tooLarge = (why: string): TaskFailure =>
  new TaskFailure(
    'too_large',
    `The change cannot be searched for secrets: that ${why}. Leave large generated and minified files out of it.`,
  );
