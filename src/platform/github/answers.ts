import { z } from 'zod';
import { GitHubError } from '../../ports/github-reads.ts';

/**
 * Parses GitHub's answer at the border. An answer of another shape is `unknown`:
 * after a creation the thing may well exist.
 */
export function parseAnswer<T>(schema: z.ZodType<T>, data: unknown, asked: string): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new GitHubError(
    'unknown',
    200,
    `GitHub's answer to ${asked} is not what its contract says: ${z.prettifyError(parsed.error)}`,
  );
}

/** GitHub's `2026-01-31T12:00:00Z` as epoch milliseconds. */
export const timestamp = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
