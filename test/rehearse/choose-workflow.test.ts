import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseWorkflow } from '../../src/core/workflow/parse-workflow.ts';
import { chooseWorkflow } from '../../src/rehearse/choose-workflow.ts';
import { RehearseError } from '../../src/rehearse/options.ts';
import { givenFolder, write } from './given-folder.ts';

const ALL = [{ match: '*', not: { names: ['platform'] } }];
const workflow = (services: string) => `name: bump
# who
${services}
nodes:
  - id: note # why
    bash: echo done > NOTE
`;

/** Of a file with this text, without topics. */
async function chosen(text: string, file = 'bump.yml') {
  return chooseWorkflow(write(join(givenFolder(), file), text), undefined, false, 'platform');
}

test.each([
  ['a list', 'services:\n  - tag: [a, b]\n    not: { tag: c } # none\n\n  # last\n  - names: [d]\n'],
  ['a list in one line', 'services: [{ tag: a }] # all'],
  ['nothing', 'services:'],
  ['a list after its key', 'services: # here\n  - tag: a'],
])('without topics, services as %s are replaced and every other line keeps its number', async (_, services) => {
  const text = workflow(services);
  const { text: replaced, notice } = await chosen(text);
  expect(parse(replaced ?? '')).toEqual({ ...parse(text), services: ALL });
  const lineOf = (lines: string) => lines.split('\n').findIndex((line) => line.includes('id: note'));
  expect(lineOf(replaced ?? '')).toBe(lineOf(text));
  expect(notice).toContain('--tag gives topics');
});

test.each([
  ['a workflow that has none', 'name: bump\nnodes:\n  - id: note\n    bash: |\n      echo done'],
  ['a file that is one flow map', '{ name: bump, services: [{ tag: a }], nodes: [{ id: note, bash: "echo done" }] }'],
  ['a flow map that has none', '{ name: bump, nodes: [{ id: note, bash: "echo done" }] }'],
])('%s gets services, and nothing else changes', async (_, text) => {
  const { text: replaced } = await chosen(text);
  expect(parse(replaced ?? '')).toEqual({ ...parse(text), services: ALL });
  expect(parseWorkflow(replaced ?? '', 'bump.yml')).toMatchObject({ ok: true });
});

test.each([
  ['broken YAML', workflow('services: [{ tag: a }')],
  ['a file that is no map', '- one\n- two\n'],
  ['an empty file', ''],
])('%s is left as it is, for the product to judge', async (_, text) => {
  expect(await chosen(text)).toEqual({ name: 'bump', text, notice: null });
});

test('with topics, the file is taken as it is and a bundled workflow is looked up', async () => {
  const text = workflow('services: [{ tag: a }]');
  const path = write(join(givenFolder(), 'bump.yml'), text);
  expect(await chooseWorkflow(path, undefined, true, 'platform')).toEqual({ name: 'bump', text, notice: null });
  expect(await chooseWorkflow('bump', text, true, 'platform')).toEqual({ name: 'bump', text: null, notice: null });
});

test('a bundled workflow without topics becomes a file with all repositories', async () => {
  const { name, text } = await chooseWorkflow('bump', workflow('services: [{ tag: a }]'), false, 'platform');
  expect(name).toBe('bump');
  expect(parse(text ?? '')).toMatchObject({ services: ALL });
});

test('an unknown name is left to the product', async () => {
  expect(await chooseWorkflow('nope', undefined, false, 'platform')).toEqual({
    name: 'nope',
    text: null,
    notice: null,
  });
});

test.each([
  ['the name that the file gives itself', 'name: lint-adoption', 'bump.yml', 'lint-adoption'],
  ["the file's own where it gives none", 'nodes: []', 'add-header.yaml', 'add-header'],
  ["the file's own where its name cannot be called", 'name: Two Words', 'bump.yml', 'bump'],
  ["the file's own where its name is a path", 'name: ../../bump', 'bump.yml', 'bump'],
])('a workflow is called by %s', async (_, text, file, name) => {
  expect(await chosen(text, file)).toMatchObject({ name });
});

test('a file without a name that a command could call is refused', async () => {
  await expect(chosen('nodes: []', 'My Flow.yml')).rejects.toThrow(RehearseError);
  await expect(chosen('nodes: []', 'My Flow.yml')).rejects.toThrow('small letters');
});

test('a path where no file is, is refused with the path', async () => {
  const path = join(givenFolder(), 'gone.yml');
  const choosing = chooseWorkflow(path, undefined, false, 'platform');
  await expect(choosing).rejects.toThrow(RehearseError);
  await expect(choosing).rejects.toThrow(`The workflow ${path} cannot be read`);
});

test('`services: any` means all repositories found, unless the command says where', async () => {
  const path = write(join(givenFolder(), 'bump.yml'), workflow('services: any'));
  const everywhere = await chooseWorkflow(path, undefined, false, 'platform', ['version=2']);
  expect(parse(everywhere.text ?? '')).toMatchObject({ services: ALL });
  for (const flag of ['--match', '--match=web-*', '--tag', '--repo']) {
    const there = await chooseWorkflow(path, undefined, false, 'platform', [flag, 'web-*']);
    expect(there).toMatchObject({ text: workflow('services: any'), notice: null });
  }
});
