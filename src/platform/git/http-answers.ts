import type { Readable } from 'node:stream';

/** An answer to a request of git's: its status, and the headers that tell of limits, by name in lower case. */
export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
}

const KEPT: ReadonlySet<string> = new Set(['retry-after', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'date']);
const LONGEST_LINE = 1024;

/** A line of git's trace, such as `09:35:57.659752 http.c:684              <= Recv header: HTTP/1.1 403 Forbidden`. */
const RECEIVED = /^[\d:.]+ (?:\S+ +)?<= Recv header: (.*)$/;

/**
 * Reads git's trace of its requests (git(1), GIT_TRACE_CURL) while git writes it, and keeps of it the head of the last
 * answer alone. What git sent is let go unread: whether git recognizes a token there to redact it depends on the
 * versions of git and curl.
 */
export function readHttpAnswers(trace: Readable): { last(): HttpAnswer | null } {
  let answer: { status: number; headers: Record<string, string> } | null = null;
  let rest = '';

  function read(line: string): void {
    const received = RECEIVED.exec(line)?.[1];
    if (received === undefined) return;
    const status = /^HTTP\/[\d.]+ (\d{3})/.exec(received)?.[1];
    if (status !== undefined) answer = { status: Number(status), headers: {} };
    const [, name = '', value = ''] = /^([\w-]+):\s*(.*?)\s*$/.exec(received) ?? [];
    if (answer !== null && KEPT.has(name.toLowerCase())) answer.headers[name.toLowerCase()] = value;
  }

  trace.setEncoding('latin1');
  trace.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) read(line.slice(0, LONGEST_LINE));
  });
  return { last: () => answer };
}
