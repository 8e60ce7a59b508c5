import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';

export interface CgiHead {
  status: number;
  headers: Record<string, string>;
}

/**
 * Reads a CGI program's answer.
 * @param open gets the head and gives where the body goes; without it the body is collected.
 * @throws when the program ends without an answer
 */
export async function readCgi(
  child: ChildProcess,
  open?: (head: CgiHead) => Writable,
): Promise<CgiHead & { body: Buffer }> {
  // Undefined where the program could not be started.
  if (!child.stdout) throw new Error('the CGI program has no output');
  let head: CgiHead | undefined;
  let target: Writable | undefined;
  let pending = Buffer.alloc(0);
  const body: Buffer[] = [];
  const write = async (chunk: Buffer): Promise<void> => {
    if (target === undefined) body.push(chunk);
    else if (!target.destroyed && !target.write(chunk)) await drained(target);
  };
  for await (const chunk of child.stdout) {
    if (head !== undefined) {
      await write(chunk);
      continue;
    }
    pending = Buffer.concat([pending, chunk]);
    const end = pending.indexOf('\r\n\r\n');
    if (end < 0) continue;
    head = parseHead(pending.subarray(0, end).toString());
    target = open?.(head);
    await write(pending.subarray(end + 4));
  }
  if (head === undefined) throw new Error('the CGI program ended without an answer');
  target?.end();
  return { ...head, body: Buffer.concat(body) };
}

/** Until there is room again, or nobody reads any more; the listener that lost is taken off. */
async function drained(target: Writable): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  await Promise.race([once(target, 'drain', { signal }), once(target, 'close', { signal })]).finally(() =>
    waiting.abort(),
  );
}

function parseHead(text: string): CgiHead {
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    if (name === 'status') status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers };
}
