import type { AppWorld } from '../app-world.ts';
import { holdToContract } from './api-contract.ts';

export interface ApiResponse {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer, which the contract test checks as a whole.
  body: any;
}

/** Asks the HTTP API of the app in this world, as the owner of the token; the OpenAPI document tells every answer. */
export async function ask(
  world: AppWorld,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<ApiResponse> {
  const response = await fetch(new URL(path, world.webhookUrl), {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  holdToContract({ method, path }, { status: answer.status, type, body: answer.body });
  return answer;
}
