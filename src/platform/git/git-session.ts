import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import type { EnclosedCommand } from '../../ports/sandbox.ts';
import { writeFreshFile } from '../process/fresh-file.ts';
import { boxFailure } from '../sandbox/box-failure.ts';
import type { GitPlace } from './git-box.ts';
import {
  type GitAnswer,
  type GitSession,
  LOCAL_TIMEOUT_MS,
  MAX_OUTPUT_BYTES,
  placeOf,
  type SessionCall,
  STDERR_BYTES,
} from './git-call.ts';
import { asArguments, BASE_ENVIRONMENT, SETTINGS_ENVIRONMENT } from './git-environment.ts';
import { GitError } from './git-error.ts';
import { limitGit } from './git-limits.ts';

/**
 * Reads calls, line by line: how many words, how many of them are variables, the words, the file to read from. After each
 * the mark, and its status. The words are data throughout: nothing of them is read as the shell's language.
 */
const SERVE = `
mark=$SESSION_MARK
unset SESSION_MARK
while read -r count variables; do
  set --
  while [ "$count" -gt 0 ]; do
    IFS= read -r word
    set -- "$@" "$word"
    count=$((count - 1))
  done
  IFS= read -r input
  (
    while [ "$variables" -gt 0 ]; do
      export "$1"
      shift
      variables=$((variables - 1))
    done
    exec "$@" < "$input"
  )
  status=$?
  printf '\\n%s %d\\n' "$mark" "$status"
  printf '\\n%s 0\\n' "$mark" >&2
done`;

/**
 * Opens a box, in which the calls of `work` find their git, and takes it apart afterwards: a box costs as much as
 * five calls of git.
 * @param scratch a folder that the box has and that no untrusted code can write: what calls read is put there
 * @throws GitError
 */
export async function inSession<Place extends GitPlace, Result>(
  place: Place,
  scratch: string,
  work: (place: Place & { session: GitSession }) => Promise<Result>,
): Promise<Result> {
  const { sandbox, mounts } = place.box;
  const box = await sandbox.open({ mounts, hosts: [], modelApi: null, sealed: true });
  try {
    const mark = randomBytes(16).toString('hex');
    const env = { ...BASE_ENVIRONMENT, ...SETTINGS_ENVIRONMENT, SESSION_MARK: mark };
    const shell = { command: 'sh', args: ['-c', SERVE], cwd: '/', env };
    const session = openSession(box.enclose(shell), { mark, input: join(scratch, 'input') });
    try {
      return await work({ ...place, session });
    } finally {
      await session.close();
    }
  } finally {
    await box.close();
  }
}

function openSession(
  enclosed: EnclosedCommand,
  { mark, input }: { mark: string; input: string },
): GitSession & { close(): Promise<void> } {
  const shell = execa(enclosed.command, enclosed.args, {
    cwd: enclosed.cwd,
    env: enclosed.env,
    extendEnv: false,
    encoding: 'buffer',
    reject: false,
    buffer: false,
    // Pipes alone into a box: who is in there could change a file of the host by a descriptor of it, /dev/null too.
    stdio: ['pipe', 'pipe', 'pipe', ...(enclosed.control === null ? [] : [Buffer.from(enclosed.control)])],
    detached: true,
  });
  const { stdin } = shell;
  // A shell that is gone is told by the end of its output.
  stdin.on('error', () => undefined);
  const said = { out: readToMark(shell.stdout, mark), err: readToMark(shell.stderr, mark) };

  return {
    async run(args, call) {
      const variables = Object.entries(call.env ?? {}).map(([name, value]) => `${name}=${value}`);
      const git = ['git', ...placeOf(call), ...asArguments(call.settings ?? []), ...args];
      const words = [...variables, ...git];
      if (words.some((word) => /[\n\0]/.test(word))) throw new TypeError('A word of a call in a session is one line.');
      if (call.input !== undefined) writeFreshFile(input, call.input);
      const limits = limitGit(shell.pid, { timeoutMs: call.timeoutMs ?? LOCAL_TIMEOUT_MS, signal: call.signal });
      const counts = `${words.length} ${variables.length}`;
      const lines = [counts, ...words, call.input === undefined ? '/dev/null' : input];
      stdin.write(`${lines.join('\n')}\n`);
      const [out, err] = await Promise.all([said.out.next(), said.err.next()]);
      limits.over();
      return answerOf(args[0] ?? '', call, { out, err, stopped: limits.stopped() });
    },
    async close() {
      stdin.end();
      await shell;
    },
  };
}

interface Said {
  text: Buffer;
  /** null: the session ended before. */
  status: number | null;
  tooLong: boolean;
}

function answerOf(
  verb: string,
  { accept = [] }: SessionCall,
  { out, err, stopped }: { out: Said; err: Said; stopped: 'timeout' | 'abort' | null },
): GitAnswer {
  const stderr = err.text.toString('utf8');
  const code = out.status;
  if (stopped === null && !out.tooLong && code !== null && (code === 0 || accept.includes(code))) {
    return { stdout: out.text, stderr, code, truncated: false };
  }
  // The status of a box that was not made says nothing of git.
  const noBox = code === null ? boxFailure(stderr) : null;
  throw new GitError(verb, {
    code: noBox === null ? code : null,
    stdout: out.text.subarray(0, 64 * 1024).toString('utf8'),
    stderr: (out.tooLong ? 'its output is too large' : (noBox ?? stderr)).slice(-STDERR_BYTES),
    timedOut: stopped === 'timeout',
    aborted: stopped === 'abort',
  });
}

/** What a stream says between marks, in its order. */
function readToMark(stream: Readable, mark: string): { next(): Promise<Said> } {
  const end = Buffer.from(`\n${mark} `);
  let chunks: Buffer[] = [];
  let size = 0;
  let ended = false;
  let waiting: ((said: Said) => void) | null = null;

  function answer(status: number | null, text: Buffer): void {
    const tooLong = size > MAX_OUTPUT_BYTES;
    chunks = [];
    size = 0;
    waiting?.({ status, text, tooLong });
    waiting = null;
  }

  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_OUTPUT_BYTES) chunks = [];
    chunks.push(chunk);
    // The mark, a space, at most three digits and a newline are all that can follow the last byte of an answer.
    const tail = chunk.length > end.length + 4 ? chunk : Buffer.concat(chunks);
    if (tail !== chunk) chunks = [tail];
    const at = tail.lastIndexOf(end);
    if (at === -1 || tail.at(-1) !== NEWLINE) return;
    const whole = tail === chunk ? Buffer.concat(chunks) : tail;
    answer(
      Number(tail.subarray(at + end.length).toString('latin1')),
      whole.subarray(0, whole.length - tail.length + at),
    );
  });
  const onEnd = (): void => {
    ended = true;
    if (waiting !== null) answer(null, Buffer.concat(chunks));
  };
  stream.once('end', onEnd);
  stream.once('error', onEnd);

  return {
    next: () =>
      new Promise((resolve) => {
        waiting = resolve;
        if (ended) answer(null, Buffer.concat(chunks));
      }),
  };
}

const NEWLINE = 0x0a;
