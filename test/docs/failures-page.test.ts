import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAILURES_FILE, renderFailures } from './failures-page.ts';

it('docs/failures.md is what `npm run docs:workflow` writes', () => {
  expect(readFileSync(FAILURES_FILE, 'utf8')).toBe(renderFailures());
});
