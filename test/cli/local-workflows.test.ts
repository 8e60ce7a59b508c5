import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadLocalWorkflow } from '../../src/cli/local-workflows.ts';
import { givenFolder, write } from '../rehearse/given-folder.ts';

const bundled = {
  text: async (name: string) => (name === 'b' ? 'name: b\n' : undefined),
  file: async () => undefined,
  names: async () => ['b'],
};

test('a folder beside the workflow, and what would lie below a file, are not there', async () => {
  const folder = givenFolder();
  mkdirSync(join(folder, 'b.yml'));
  write(join(folder, 'a.md'), 'Ask');
  const nodes = '[{ id: a, command: a }, { id: b, script: { file: a.md/c.mjs } }, { id: c, include: b }]';
  const file = write(join(folder, 'go.yml'), `name: go\nnodes: ${nodes}\n`);
  const { files, includes } = await loadLocalWorkflow(file, bundled);
  expect(files).toEqual({ 'a.md': 'Ask' });
  expect(includes.b?.origin).toBe('bundled:b.yml');
});
