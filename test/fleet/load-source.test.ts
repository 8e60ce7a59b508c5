import { expect, test } from 'vitest';
import { type FoundText, loadSource } from '../../src/fleet/load-source.ts';

interface Names {
  files?: readonly string[];
  includes?: readonly string[];
  text?: (path: string) => string;
}

/** A workflow that names these files and includes these workflows. */
function found(name: string, { files = [], includes = [], text = (path) => `text of ${path}` }: Names): FoundText {
  const nodes = [
    ...files.map((file, index) => `  - { id: f${index}, script: { file: ${file} } }`),
    ...includes.map((one, index) => `  - { id: i${index}, include: ${one} }`),
  ];
  return {
    name,
    origin: `acme/platform:.github/fleet/${name}.yml`,
    text: `name: ${name}\nnodes:\n${nodes.join('\n')}\n`,
    file: async (path) => (path.startsWith('gone') ? undefined : text(path)),
  };
}

const among =
  (...all: FoundText[]) =>
  async (name: string) =>
    all.find((one) => one.name === name);

test('a source holds what it names and what is included, to any depth, and what is not there is left out', async () => {
  const inner = found('inner', { files: ['x.py'] });
  const middle = found('middle', { includes: ['inner'] });
  const outer = found('outer', { files: ['a.mjs', 'gone.mjs'], includes: ['middle', 'nobody'] });
  const source = await loadSource(outer, among(middle, inner));
  expect(source.files).toEqual({ 'a.mjs': 'text of a.mjs' });
  expect(Object.keys(source.includes)).toEqual(['middle']);
  expect(source.includes.middle?.includes.inner?.files).toEqual({ 'x.py': 'text of x.py' });
});

test('the digest changes with every text of the source', async () => {
  const digest = async (text: string, inner: string) => {
    const outer = found('outer', { files: ['a.mjs'], includes: ['inner'], text: () => text });
    return (await loadSource(outer, among(found('inner', { files: [inner] })))).digest;
  };
  const digests = [await digest('1', 'x.py'), await digest('2', 'x.py'), await digest('1', 'y.py')];
  expect(new Set(digests).size).toBe(3);
  expect(await digest('1', 'x.py')).toBe(digests[0]);
});

test('a workflow that would include itself is not included again', async () => {
  const one = found('one', { includes: ['two'] });
  const two = found('two', { includes: ['one', 'two'] });
  const source = await loadSource(one, among(one, two));
  expect(source.includes.two?.includes).toEqual({});
});

test.each<[string, Names, string]>([
  ['a file that is too large', { files: ['a.mjs'], text: () => 'x'.repeat(256 * 1024 + 1) }, 'has 262145 bytes'],
  ['too many files', { files: Array.from({ length: 101 }, (_, at) => `f${at}.mjs`) }, 'more than 100 files'],
  [
    'too much together',
    { files: Array.from({ length: 5 }, (_, at) => `f${at}.mjs`), text: () => 'x'.repeat(250_000) },
    'more than 1048576 bytes',
  ],
])('%s is refused', async (_, names, message) => {
  await expect(loadSource(found('big', names), among())).rejects.toThrow(message);
});
