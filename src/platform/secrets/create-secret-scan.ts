import { Worker } from 'node:worker_threads';
import { TaskFailure } from '../../core/failures.ts';
import type { FoundSecret, LeavingText, SecretScan } from '../../ports/secrets.ts';
import { after } from '../process/deadline.ts';
import { createTurns } from './turns.ts';

/** A change of 5 MiB takes a second; what takes so much longer was made to. */
const TIMEOUT_MS = 60_000;
const MEMORY_MIB = 512;
/** To load the rules costs a tenth of a second of computing, for each of two thousand tasks. */
const IDLE_MS = 30_000;
/** Each thread takes tens of megabytes: one serves all tasks, and others join it only where a change keeps it for long. */
const TURNS = { longMs: 1000, most: 4 };
const MOST_IDLE = 1;
const THREAD = new URL('./scan-thread.ts', import.meta.url);

/** By the rules of secretlint and our own shapes, in a thread that ends when it takes too long or too much. */
export function createSecretScan({ timeoutMs = TIMEOUT_MS, memoryMib = MEMORY_MIB } = {}): SecretScan {
  const idle = new Map<Worker, () => void>();
  const turns = createTurns(TURNS);

  function take(): Worker {
    for (const [thread, stay] of idle) {
      idle.delete(thread);
      stay();
      return thread;
    }
    return new Worker(THREAD, {
      resourceLimits: { maxOldGenerationSizeMb: memoryMib },
      // The server's environment holds its keys, and nothing here reads it.
      env: {},
    });
  }

  /** A thread that nobody needs ends by itself, and keeps no process alive until then. */
  function giveBack(thread: Worker): void {
    if (idle.size >= MOST_IDLE) {
      void thread.terminate();
      return;
    }
    const timer = setTimeout(() => void thread.terminate(), IDLE_MS).unref();
    const gone = (): void => {
      clearTimeout(timer);
      idle.delete(thread);
    };
    thread.unref();
    thread.once('exit', gone);
    idle.set(thread, () => {
      clearTimeout(timer);
      thread.off('exit', gone);
      thread.ref();
    });
  }

  return {
    async find(texts, { signal } = {}) {
      if (texts.length === 0) return [];
      const over = await turns.take(signal).catch(() => {
        throw stopped();
      });
      const thread = take();
      try {
        const found = await foundBy(thread, texts, { timeoutMs, signal });
        giveBack(thread);
        return found;
      } catch (error) {
        void thread.terminate();
        throw error;
      } finally {
        over();
      }
    },
  };
}

async function foundBy(
  thread: Worker,
  texts: readonly LeavingText[],
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined },
): Promise<FoundSecret[]> {
  const ended = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      const once = { signal: ended.signal };
      const stop = (): void => reject(stopped());
      const cancelTimeout = after(timeoutMs, () => reject(tooLarge(`takes longer than ${timeoutMs / 1000} s`)));
      ended.signal.addEventListener('abort', cancelTimeout, { once: true });
      signal?.addEventListener('abort', stop, once);
      if (signal?.aborted) stop();
      listen(thread, ended.signal, {
        message: resolve,
        error: (error) => reject(isOutOfMemory(error) ? tooLarge('needs too much memory') : error),
        exit: () => reject(new Error('The thread that searches for secrets ended before it had answered.')),
      });
      thread.postMessage(texts.map(({ path, content }) => ({ path, content: new Uint8Array(content) })));
    });
  } finally {
    ended.abort();
  }
}

interface Heard {
  message(found: FoundSecret[]): void;
  error(error: unknown): void;
  exit(): void;
}

/** Until the signal aborts; an error that nobody hears would end the process. */
function listen(thread: Worker, until: AbortSignal, { message, error, exit }: Heard): void {
  thread.on('message', message).on('error', error).on('exit', exit);
  until.addEventListener(
    'abort',
    () => {
      thread.off('message', message).off('error', error).off('exit', exit);
      if (thread.listenerCount('error') === 0) thread.on('error', () => undefined);
    },
    { once: true },
  );
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

const stopped = (): TaskFailure => new TaskFailure('cancelled', 'The search for secrets was stopped.');

const tooLarge = (why: string): TaskFailure =>
  new TaskFailure(
    'too_large',
    `The change cannot be searched for secrets: that ${why}. Leave large generated and minified files out of it.`,
  );
