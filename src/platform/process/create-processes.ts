import type { Log } from '../../ports/log.ts';
import type { ChildRequest, ChildResult, Processes } from '../../ports/process.ts';
import type { OpenBox, Sandbox } from '../../ports/sandbox.ts';
import { openBoundedFile } from './bounded-file.ts';
import { createBoundedText } from './bounded-text.ts';
import { after } from './deadline.ts';
import { startGroup } from './process-group.ts';

const LOG_BYTES = 20 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;
/** What a shell answers for a command that it cannot start. */
const CANNOT_START = 127;

/** Runs untrusted commands. Never throws for what the command does: a command that cannot start ends with 127. */
export function createProcesses({ log, sandbox }: { log: Log; sandbox: Sandbox }): Processes {
  return {
    async run(request) {
      const box = await sandbox.open(request.box);
      try {
        return request.signal.aborted ? STOPPED_BEFORE : await runChild(request, box, log);
      } finally {
        await box.close();
      }
    },
  };
}

const STOPPED_BEFORE: ChildResult = {
  exitCode: null,
  signal: null,
  timedOut: false,
  aborted: true,
  exceeded: null,
  stdout: '',
  tail: '',
};

async function runChild(request: ChildRequest, box: OpenBox, log: Log): Promise<ChildResult> {
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
    enclose: box.enclose,
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

  let exceeded: ChildResult['exceeded'] = null;
  if (group.child?.pid !== undefined) {
    box.watch(group.child.pid, (what, resource) => {
      exceeded = { what, resource };
      group.kill();
    });
  }
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
    exceeded,
    stdout: stdout.text(),
    tail: tail.text(),
  };
}
