import type { OutgoingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { type Answer, jsonOf } from './exchange.ts';

const minted = z.object({
  token: z.string(),
  permissions: z.record(z.string(), z.string()),
  repositories: z.array(z.object({ id: z.number() })).optional(),
});

export interface Caller {
  token: string;
  /** A person's; undefined: an installation of the app. */
  login: string | undefined;
  /** What the installation's token was minted with; a person's token may what the person may. */
  permissions: Readonly<Record<string, string>> | undefined;
  /** Those that the token was limited to; undefined: no limit. */
  repositoryIds: readonly number[] | undefined;
}

/** Which tokens are good. emulate takes an unknown one for its first user, and never forgets one. */
export class Tokens {
  readonly #callers = new Map<string, Caller>();

  constructor(people: Readonly<Record<string, string>>) {
    for (const [login, token] of Object.entries(people)) {
      this.#callers.set(token, { token, login, permissions: undefined, repositoryIds: undefined });
    }
  }

  /** Learns the token of an answer to `POST /app/installations/{id}/access_tokens`. */
  learn(answer: Answer): void {
    const { success, data } = minted.safeParse(jsonOf(answer));
    if (!success) return;
    const { token, permissions, repositories } = data;
    this.#callers.set(token, {
      token,
      login: undefined,
      permissions,
      repositoryIds: repositories?.map(({ id }) => id),
    });
  }

  forget(token: string): void {
    this.#callers.delete(token);
  }

  forgetInstallations(): void {
    for (const { token, login } of [...this.#callers.values()]) if (login === undefined) this.forget(token);
  }

  /** `bad`: a token that is not known (any more); `none`: nobody, or the app itself by its JWT, which emulate checks. */
  callerOf(headers: OutgoingHttpHeaders): Caller | 'bad' | 'none' {
    const token = tokenIn(String(headers.authorization ?? ''));
    if (token === '' || token.startsWith('eyJ')) return 'none';
    return this.#callers.get(token) ?? 'bad';
  }
}

/** git sends the token as the password of Basic. */
function tokenIn(authorization: string): string {
  const basic = /^Basic (.+)$/i.exec(authorization)?.[1];
  if (basic === undefined) return authorization.replace(/^(bearer|token) /i, '').trim();
  return Buffer.from(basic, 'base64').toString('utf8').split(':').slice(1).join(':');
}
