import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createBundledWorkflows } from '../../src/platform/bundled-workflows.ts';
import { givenFolder, write } from '../rehearse/given-folder.ts';

test('a folder, and what would lie below a file, are not there', async () => {
  const folder = givenFolder();
  write(join(folder, 'a.md'), 'Ask');
  mkdirSync(join(folder, 'b.yml'));
  const bundled = createBundledWorkflows(folder);
  expect(await bundled.file('a.md')).toBe('Ask');
  expect(await bundled.file('a.md/b')).toBeUndefined();
  expect(await bundled.file('b.yml')).toBeUndefined();
  expect(await bundled.text('b')).toBeUndefined();
});
