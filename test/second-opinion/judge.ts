import type { z } from 'zod';
import { type Answer, exchange, jsonOf } from './exchange.ts';

/** Asks emulate itself; whatever the front adds takes its facts and its permissions from here. */
export interface Judge {
  /** @param token whose; what emulate refuses them comes back as it was answered */
  ask(token: string, method: string, path: string, body?: unknown): Promise<Answer>;
  /** @throws Error that says what emulate answered instead */
  read<T>(schema: z.ZodType<T>, token: string, path: string): Promise<T>;
  /** @throws Error that says what emulate answered instead */
  create<T>(schema: z.ZodType<T>, token: string, path: string, body: unknown): Promise<T>;
}

export function createJudge(port: number): Judge {
  async function ask(token: string, method: string, path: string, body?: unknown): Promise<Answer> {
    return exchange(port, {
      method,
      url: path,
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body)),
    });
  }

  async function parsed<T>(schema: z.ZodType<T>, answer: Answer, what: string): Promise<T> {
    const result = schema.safeParse(jsonOf(answer));
    if (answer.status < 300 && result.success) return result.data;
    throw new Error(`emulate answered ${answer.status} to ${what}: ${answer.body.toString('utf8').slice(0, 500)}`);
  }

  return {
    ask,
    read: async (schema, token, path) => parsed(schema, await ask(token, 'GET', path), `GET ${path}`),
    create: async (schema, token, path, body) => parsed(schema, await ask(token, 'POST', path, body), `POST ${path}`),
  };
}
