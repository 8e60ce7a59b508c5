import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fromFolder, readBeside } from '../../src/rehearse/read-beside.ts';
import { givenFolder, write } from './given-folder.ts';

const folder: Readonly<Record<string, string>> = {
  'run.mjs': '1',
  'ask.md': 'Ask',
  'inner.yml': 'name: inner\nnodes: [{ id: a, script: { file: inner/run.py } }, { id: b, include: inner }]',
  'inner/run.py': '2',
  '../secret': '3',
};
const read = async (path: string): Promise<string | undefined> => folder[path];

test('files, included workflows and what these name are read once, and nothing outside of the folder', async () => {
  const text = `name: outer
nodes:
  - { id: a, script: { file: run.mjs } }
  - { id: b, script: { file: ../secret } }
  - { id: c, command: gone }
  - { id: d, loop_group: { until: X, max_iterations: 1, nodes: [{ id: e, command: ask }] } }
  - { id: f, include: inner }
`;
  const { '../secret': _, ...inside } = folder;
  expect(await readBeside(text, read)).toEqual(inside);
});

test('names that every object has are read as any other', async () => {
  const nodes = '[{ id: a, script: { file: constructor } }, { id: b, command: toString }, { id: c, include: valueof }]';
  const known = new Map([
    ['constructor', '1'],
    ['toString.md', '2'],
  ]);
  const found = await readBeside(`name: outer\nnodes: ${nodes}\n`, async (path) => known.get(path));
  expect(found).toEqual(Object.fromEntries(known));
});

test('a folder, and what would lie below a file, are not there', async () => {
  const folder = givenFolder();
  write(join(folder, 'a.md'), 'Ask');
  mkdirSync(join(folder, 'b.yml'));
  const nodes = '[{ id: a, command: a }, { id: b, script: { file: a.md/c.mjs } }, { id: c, include: b }]';
  expect(await readBeside(`name: outer\nnodes: ${nodes}\n`, fromFolder(folder))).toEqual({ 'a.md': 'Ask' });
});

test('a text that is no workflow names nothing', async () => {
  expect(await readBeside(': [', read)).toEqual({});
});
