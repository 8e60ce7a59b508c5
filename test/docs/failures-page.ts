import { join } from 'node:path';
import { FAILURES } from '../../src/core/failures.ts';

export const FAILURES_FILE = join(import.meta.dirname, '..', '..', 'docs', 'failures.md');

/** The page on failure categories, from the table that the program uses. */
export function renderFailures(): string {
  const rows = Object.entries(FAILURES).map(
    ([category, { title, description, remedy, retryable }]) =>
      `| \`${category}\` | ${title} | ${description} | ${remedy} | ${retryable ? 'yes' : 'no'} |`,
  );
  return `# Why a task failed

Written by \`npm run docs:workflow\` from src/core/failures.ts; a test fails when it is stale.

Every task that does not complete ends in exactly one category. The tracking issue groups failures by it, each with its reason and
the end of the output. \`/fleet retry\` tries any of them again; the last column says where that can help although nobody changed
anything. \`internal\` is a bug of Flotilla.

| Category | Title | What it means | What to do | A retry alone can help |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}
