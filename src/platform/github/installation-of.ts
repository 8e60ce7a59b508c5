import { z } from 'zod';
import { parseAnswer } from './answers.ts';
import type { AppClient } from './client.ts';
import { isNotFound } from './errors.ts';
import { ownerAndRepo } from './full-name.ts';

const installation = z.object({ id: z.int(), suspended_at: z.string().nullish() });

/** undefined: there is no such repository, the app is not installed there, or it is suspended. */
export async function readInstallationOf(app: AppClient, fullName: string): Promise<number | undefined> {
  const route = 'GET /repos/{owner}/{repo}/installation';
  try {
    const { id, suspended_at } = parseAnswer(
      installation,
      (await app.request(route, ownerAndRepo(fullName))).data,
      route,
    );
    return suspended_at ? undefined : id;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
