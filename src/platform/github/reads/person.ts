import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { Person } from '../../../core/plan.ts';
import { parseAnswer } from '../answers.ts';
import { isNotFound } from '../errors.ts';

const account = z.object({ id: z.int(), login: z.string() });

/** An account by its exact login (case aside); undefined when there is none. */
export async function readPerson(octokit: Octokit, login: string): Promise<Person | undefined> {
  const route = 'GET /users/{username}';
  try {
    return parseAnswer(account, (await octokit.request(route, { username: login })).data, route);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
