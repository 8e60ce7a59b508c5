import type { Log } from '../../ports/log.ts';
import type { ChildRequest, ChildResult, Processes } from '../../ports/process.ts';
import { openBoundedFile } from './bounded-file.ts';
import { createBoundedText } from './bounded-text.ts';
import { after } from './deadline.ts';
import { startGroup } from './process-group.ts';

const LOG_BYTES = 20 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;
/** What a shell answers for a command that it cannot start. */
const CANNOT_START = 127;

/** Runs untrusted commands. Never throws for what the command does: a command that cannot start ends with 127. */
export function createProcesses({ log }: { log: Log }): Processes {
  return { run: (request) => runChild(request, log) };
}

async function runChild(request: ChildRequest, log: Log): Promise<ChildResult> {
  if (request.signal.aborted) {
    return { exitCode: null, signal: null, timedOut: false, aborted: true, stdout: '', tail: '' };
  }
  const file = openBoundedFile(request.logFile, {
    maxBytes: LOG_BYTES,
    notice: `[The log ends here: it reached ${LOG_BYTES / 1024 / 1024} MiB.]`,
    onError: (error) => log.warn({ err: error, file: request.logFile }, 'The log of a command could not be written.'),
  });
  const stdout = createBoundedText(Math.ceil(request.maxOutputBytes / 2), Math.floor(request.maxOutputBytes / 2));
  const tail = createBoundedText(0, Math.min(TAIL_BYTES, request.maxOutputBytes));
  const record = (chunk: Buffer): void => {
    file.write(chunk);
    tail.add(chunk);
  };

  const group = startGroup({
    ...request,
    stdin: 'ignore',
    onUnrecorded: (error) => log.warn({ err: error, file: request.pidsFile }, 'A process group could not be noted.'),
  });
  group.child?.stdout?.on('data', (chunk: Buffer) => {
    stdout.add(chunk);
    record(chunk);
  });
  group.child?.stderr?.on('data', record);

  let stopped: 'timeout' | 'abort' | null = null;
  const stop = (why: 'timeout' | 'abort'): void => {
    stopped ??= why;
    group.terminate();
  };
  const cancelTimeout = after(request.timeoutMs, () => stop('timeout'));
  const onAbort = (): void => stop('abort');
  request.signal.addEventListener('abort', onAbort, { once: true });

  const end = await group.ended;
  cancelTimeout();
  request.signal.removeEventListener('abort', onAbort);
  if (end.startError !== null) record(Buffer.from(`${end.startError}\n`));
  await file.close();
  return {
    exitCode: end.startError === null ? end.exitCode : CANNOT_START,
    signal: end.signal,
    timedOut: stopped === 'timeout',
    aborted: stopped === 'abort',
    stdout: stdout.text(),
    tail: tail.text(),
  };
}
