import { z } from 'zod';
import type { Person } from '../../../core/plan.ts';
import { parseAnswer } from '../answers.ts';
import { type ClientOptions, createPersonClient } from '../client.ts';
import { isStatus } from '../errors.ts';

const user = z.object({ id: z.int(), login: z.string() });

/** Whose personal access token it is; undefined: GitHub does not take it. */
export async function personOfToken(options: ClientOptions, token: string): Promise<Person | undefined> {
  const route = 'GET /user';
  try {
    return parseAnswer(user, (await createPersonClient(options, token).request(route)).data, route);
  } catch (error) {
    if (isStatus(error, 401) || isStatus(error, 403)) return undefined;
    throw error;
  }
}
