import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Caller, callerKey } from '../../ports/callers.ts';
import type { ApiAnswer as KeptAnswer } from '../../store/contract/api-requests.ts';
import type { Tx } from '../../store/contract/store.ts';
import { ApiError } from './api-error.ts';

/** What of the store a kept answer needs. */
interface KeyStore {
  write<T>(work: (tx: Pick<Tx, 'apiRequests'>) => Promise<T>): Promise<T>;
}

interface Request {
  caller: Caller;
  body: unknown;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Answer {
  status: number;
  body: unknown;
  headers?: Readonly<Record<string, string>>;
}

/**
 * Requests with an `Idempotency-Key`: the same key of the same caller with the same body is carried out once, and its
 * answer given again. What was refused has created nothing, so its key is free again.
 */
export class Idempotency {
  readonly #store: KeyStore;
  readonly #now: () => number;
  readonly #running = new Map<string, { digest: string; done: Promise<unknown> }>();

  constructor(store: KeyStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * `work` gets an id that is the same whenever this key's request is tried again, also after a crash. Throws
   * ApiError('idempotency_conflict') for a key that was sent with another body.
   */
  async once(
    call: Request,
    route: string,
    newId: () => string,
    work: (id: string) => Promise<Answer>,
  ): Promise<Answer> {
    const key = readKey(call.headers['idempotency-key']);
    if (key === null) return work(`api:${newId()}`);
    const caller = callerKey(call.caller);
    const digest = sha256(JSON.stringify([route, sorted(call.body)]));
    const place = `${caller} ${key}`;
    for (;;) {
      const running = this.#running.get(place);
      if (running === undefined) break;
      if (running.digest !== digest) throw conflict(key);
      await running.done;
    }
    const done = this.#carryOut({ caller, key, digest }, work);
    this.#running.set(place, { digest, done: done.catch(() => undefined) });
    try {
      return await done;
    } finally {
      this.#running.delete(place);
    }
  }

  async #carryOut(
    { caller, key, digest }: { caller: string; key: string; digest: string },
    work: (id: string) => Promise<Answer>,
  ): Promise<Answer> {
    const row = await this.#store.write((tx) => tx.apiRequests.open(caller, key, digest, this.#now()));
    if (row.digest !== digest) throw conflict(key);
    if (row.answer !== null) return replay(row.answer);
    try {
      const answer = await work(`api:${caller}:${sha256(`${key} ${row.openedAt}`)}`);
      const kept = { status: answer.status, body: packed(answer.body) };
      await this.#store.write((tx) => tx.apiRequests.answer(caller, key, kept));
      return answer;
    } catch (error) {
      await this.#store.write((tx) => tx.apiRequests.release(caller, key));
      throw error;
    }
  }
}

const replay = ({ status, body }: KeptAnswer): Answer => ({
  status,
  body: unpacked(body),
  headers: { 'idempotent-replay': 'true' },
});

/** A fleet of thousands of repositories is half a megabyte of much the same text. */
const packed = (body: unknown): string => gzipSync(JSON.stringify(body)).toString('base64');
const unpacked = (kept: string): unknown => JSON.parse(gunzipSync(Buffer.from(kept, 'base64')).toString('utf8'));

function readKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,200}$/.test(header)) return header;
  throw new ApiError(
    'invalid_request',
    'The header `Idempotency-Key` is not 1 to 200 printable ASCII characters without spaces.',
    'Send one such as a UUID, or leave it out.',
  );
}

const conflict = (key: string): ApiError =>
  new ApiError(
    'idempotency_conflict',
    `The key \`${key}\` was sent before with another body.`,
    'Nothing was done. Send a key of its own for each request; the same one only to try the same request again.',
  );

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The same for two objects that differ in the order of their keys alone. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
