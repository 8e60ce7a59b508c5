import { streamForms } from '../../core/render/redact-stream.ts';
import type { Log } from '../../ports/log.ts';
import type { ChildRequest, ChildResult, Processes } from '../../ports/process.ts';
import type { OpenBox, Sandbox } from '../../ports/sandbox.ts';
import { openBoundedFile } from './bounded-file.ts';
import { createBoundedText } from './bounded-text.ts';
import { after } from './deadline.ts';
import { startGroup } from './process-group.ts';
import { createRedactBytes } from './redact-bytes.ts';

export const LOG_BYTES = 20 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;
/** What a shell answers for a command that it cannot start. */
const CANNOT_START = 127;

interface ProcessesOptions {
  log: Log;
  sandbox: Sandbox;
  /** The operator's values, hidden in whatever a command says, besides what looks like a credential. */
  secrets?: readonly string[];
}

/** Runs untrusted commands. Never throws for what the command does: a command that cannot start ends with 127. */
export function createProcesses({ log, sandbox, secrets = [] }: ProcessesOptions): Processes {
  const forms = streamForms(secrets);
  return {
    async run(request) {
      const box = await sandbox.open(request.box);
      try {
        const end = request.signal.aborted ? STOPPED_BEFORE : await runChild(request, box, { log, forms });
        return { ...end, boxed: sandbox.boxed };
      } finally {
        await box.close();
      }
    },
  };
}

type End = Omit<ChildResult, 'boxed'>;

const STOPPED_BEFORE: End = {
  exitCode: null,
  signal: null,
  timedOut: false,
  aborted: true,
  exceeded: null,
  stdout: '',
  tail: '',
};

async function runChild(
  request: ChildRequest,
  box: OpenBox,
  { log, forms }: { log: Log; forms: readonly string[] },
): Promise<End> {
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
  // Before anything is kept or cut: of half a secret nobody knows any more what it is.
  const said = createRedactBytes(forms);
  const complained = createRedactBytes(forms);
  const say = (text: Buffer): void => {
    stdout.add(text);
    record(text);
  };
  group.child?.stdout?.on('data', (chunk: Buffer) => say(said.add(chunk)));
  group.child?.stderr?.on('data', (chunk: Buffer) => record(complained.add(chunk)));

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
  say(said.rest());
  record(complained.rest());
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
