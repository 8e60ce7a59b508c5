import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CLI_FILE, renderCliPage } from './cli-page.ts';

it('docs/cli.md has every command as it describes itself, as `npm run docs:workflow` writes it', () => {
  expect(readFileSync(CLI_FILE, 'utf8')).toBe(renderCliPage());
});
