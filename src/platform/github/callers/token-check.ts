import { z } from 'zod';
import type { Person } from '../../../core/plan.ts';
import { parseAnswer } from '../answers.ts';
import { type ClientOptions, createBasicClient } from '../client.ts';
import { isStatus } from '../errors.ts';

const checked = z.object({ user: z.object({ id: z.int(), login: z.string() }).nullable() });

/**
 * Whose user access token it is, if it was issued to this app; undefined otherwise.
 * Source: docs.github.com/rest/apps/oauth-applications, "Check a token".
 */
export function createTokenCheck(
  options: ClientOptions,
  client: { id: string; secret: string },
): (token: string) => Promise<Person | undefined> {
  const octokit = createBasicClient(options, client);
  const route = 'POST /applications/{client_id}/token';
  return async (token) => {
    try {
      const { data } = await octokit.request(route, { client_id: client.id, access_token: token });
      return parseAnswer(checked, data, route).user ?? undefined;
    } catch (error) {
      if (isStatus(error, 404) || isStatus(error, 422)) return undefined;
      throw error;
    }
  };
}
