import type { HttpAnswer } from './http-answers.ts';

/** git did not end as wanted; `stderr` and `stdout` are redacted and bounded. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly verb: string;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** The signal of the call ended it. */
  readonly aborted: boolean;
  /** The last one to its requests by HTTP; null: there was none. */
  readonly answer: HttpAnswer | null;

  constructor(
    verb: string,
    end: {
      code: number | null;
      stdout: string;
      stderr: string;
      timedOut: boolean;
      aborted: boolean;
      answer?: HttpAnswer | null;
    },
  ) {
    const how = end.aborted ? 'was stopped' : end.timedOut ? 'took too long' : `ended with ${end.code ?? 'a signal'}`;
    super(`git ${verb} ${how}: ${end.stderr.trim()}`);
    this.verb = verb;
    this.code = end.code;
    this.stdout = end.stdout;
    this.stderr = end.stderr;
    this.timedOut = end.timedOut;
    this.aborted = end.aborted;
    this.answer = end.answer ?? null;
  }
}

/** Takes secrets out of text, and the userinfo of any URL. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text)
    .replace(/\/\/[^/\s@]+@/g, '//[redacted]@');
}
