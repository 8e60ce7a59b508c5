import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import { errorSchema } from '../../edge/api/schemas/error.ts';
import { ClientError, NoAnswer, ServerRefused } from './client-error.ts';
import type { Tokens } from './tokens.ts';
import { unreachable } from './unreachable.ts';

/** Longer than a server takes to ask GitHub about thousands of repositories. */
const TIMEOUT_MS = 240_000;
const TRIES = 3;
const FIRST_PAUSE_MS = 500;

export interface Asked {
  method: 'GET' | 'POST';
  /** Below `/v1`; every part that is not fixed is encoded. */
  path: string;
  query?: Readonly<Record<string, string | undefined>>;
  body?: unknown;
  /** Of a POST: it is sent again when no answer came, and carried out once. */
  idempotencyKey?: string;
}

export interface Answered<T> {
  body: T;
  /** As the server wrote it. */
  raw: unknown;
}

/** The HTTP API of one server. Each method throws ServerRefused, NoAnswer, or ClientError where no token can be had. */
export class Server {
  /** Without a slash at its end. */
  readonly address: string;
  readonly #tokens: Tokens;

  constructor(address: string, tokens: Tokens) {
    this.address = address;
    this.#tokens = tokens;
  }

  /** Tries again for a while where no answer came, as that changes nothing twice. */
  async ask<Schema extends z.ZodType>(
    asked: Asked,
    schema: Schema,
    signal?: AbortSignal,
  ): Promise<Answered<z.infer<Schema>>> {
    for (let count = 1; ; count += 1) {
      try {
        return await this.askOnce(asked, schema, signal);
      } catch (error) {
        if (!(error instanceof NoAnswer) || count >= TRIES || signal?.aborted) throw error;
        await pause(error.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (count - 1), undefined, { ...(signal && { signal }) });
      }
    }
  }

  async askOnce<Schema extends z.ZodType>(
    asked: Asked,
    schema: Schema,
    signal?: AbortSignal,
  ): Promise<Answered<z.infer<Schema>>> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const response = await this.open(asked, signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
    const raw = await this.#json(response);
    const parsed = schema.safeParse(raw);
    if (parsed.success) return { body: parsed.data, raw };
    throw new ClientError(
      `${this.address} answered ${asked.method} ${asked.path} with something that is no answer of Flotilla's API.`,
      'Check the address; this `fleet` may be older than the server.',
      { requestId: response.headers.get('x-request-id'), cause: parsed.error },
    );
  }

  /** An answer that is no error, its body unread. */
  async open(asked: Asked, signal: AbortSignal, headers: Record<string, string> = {}): Promise<Response> {
    const response = await this.#send(asked, signal, headers);
    if (response.status !== 401 || !(await this.#tokens.refused())) return this.#checked(response);
    await response.body?.cancel();
    return this.#checked(await this.#send(asked, signal, headers));
  }

  async #send(
    { method, path, query, body, idempotencyKey }: Asked,
    signal: AbortSignal,
    headers: Record<string, string>,
  ) {
    const url = new URL(`${this.address}/v1${path}`);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const authorization = `Bearer ${await this.#tokens.get()}`;
    try {
      return await fetch(url, {
        method,
        signal,
        // Whom a redirect names nobody has trusted with the token.
        redirect: 'manual',
        headers: {
          accept: 'application/json',
          ...headers,
          authorization,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw unreachable(this.address, error);
    }
  }

  async #checked(response: Response): Promise<Response> {
    if (response.ok) return response;
    if (response.status >= 300 && response.status < 400) {
      throw new ClientError(
        `${this.address} sends on to another address, which gets no token.`,
        'Give the address where the server itself answers.',
      );
    }
    const retryAfterMs = waitOf(response.headers.get('retry-after'));
    const parsed = errorSchema.safeParse(await this.#json(response));
    if (response.status === 429 || response.status >= 502) {
      const told = parsed.data?.error;
      throw new NoAnswer(
        told?.message ?? `${this.address} answered ${response.status}.`,
        told?.remedy ?? 'Try again later.',
        { retryAfterMs },
      );
    }
    if (parsed.success) throw new ServerRefused(response.status, parsed.data.error);
    throw new ClientError(
      `${this.address} answered ${response.status}, and not as Flotilla does.`,
      'Check the address.',
    );
  }

  /** undefined: it is none. */
  async #json(response: Response): Promise<unknown> {
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw unreachable(this.address, error);
    }
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }
}

const LONGEST_WAIT_MS = 60_000;

function waitOf(header: string | null): number | null {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : null;
}
