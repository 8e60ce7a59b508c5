/** Exit statuses of the client's commands; docs/cli.md tells them. */
export const EXIT = {
  completed: 0,
  failed: 1,
  error: 1,
  usage: 2,
  partial: 3,
  cancelled: 4,
  waits: 5,
} as const;

/** What ends a command of the client: what is wrong, and what to do. No part of a token may be in either. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly remedy: string;
  readonly exitStatus: number;
  /** Of the server's log. */
  readonly requestId: string | null;

  constructor(
    message: string,
    remedy: string,
    options: { exitStatus?: number; requestId?: string | null; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.remedy = remedy;
    this.exitStatus = options.exitStatus ?? EXIT.error;
    this.requestId = options.requestId ?? null;
  }
}

/** The command line itself is wrong. */
export const usageError = (message: string, remedy: string): ClientError =>
  new ClientError(message, remedy, { exitStatus: EXIT.usage });

/** The server gave no answer, or none that counts: the same request can be sent again. */
export class NoAnswer extends ClientError {
  /** The server's `retry-after`, in milliseconds; null: it did not say. */
  readonly retryAfterMs: number | null;

  constructor(message: string, remedy: string, options: { retryAfterMs?: number | null; cause?: unknown } = {}) {
    super(message, remedy, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** The server answered with its envelope of an error. */
export class ServerRefused extends ClientError {
  readonly status: number;
  readonly code: string;

  constructor(status: number, error: { code: string; message: string; remedy: string; request_id: string }) {
    super(error.message, error.remedy, { requestId: error.request_id });
    this.status = status;
    this.code = error.code;
  }
}
