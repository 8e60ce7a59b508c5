import { expect, test } from 'vitest';
import { readBeside } from '../../src/rehearse/read-beside.ts';

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

test('a text that is no workflow names nothing', async () => {
  expect(await readBeside(': [', read)).toEqual({});
});
