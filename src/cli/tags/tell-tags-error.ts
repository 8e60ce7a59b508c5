import { redact } from '../../core/render/redact.ts';
import { cleanLines } from '../../core/render/terminal-text.ts';
import { GitHubError } from '../../ports/github-reads.ts';
import { TagsError } from './tags-error.ts';

/** Tells what the person can put right, without a stack, and is the exit status; throws everything else again. */
export function tellTagsError(error: unknown): number {
  if (!(error instanceof TagsError || error instanceof GitHubError)) throw error;
  process.stderr.write(`${redact(cleanLines(`${error.message}${remedyOf(error)}`))}\n`);
  return 1;
}

function remedyOf(error: TagsError | GitHubError): string {
  if (error instanceof TagsError) return '';
  if (error.retryAt !== null) return `. Run the same command again after ${new Date(error.retryAt).toISOString()}.`;
  return error.status === 401 ? '. Is the token yours and still valid? `gh auth status` says it.' : '.';
}
