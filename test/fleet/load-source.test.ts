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

test.each([
  ['files', { files: Array.from({ length: 101 }, (_, at) => `gone${at}.mjs`) }],
  ['workflows', { includes: Array.from({ length: 101 }, (_, at) => `gone${at}`) }],
  ['both', { files: ['gone.mjs'], includes: Array.from({ length: 100 }, (_, at) => `gone${at}`) }],
])('too many %s are refused before any is looked for', async (_, names) => {
  const asked: string[] = [];
  const source = { ...found('many', names), file: async (path: string) => void asked.push(path) };
  const loading = loadSource(source, async (name) => void asked.push(name));
  await expect(loading).rejects.toThrow('more than 100 files and workflows');
  expect(asked).toEqual([]);
});

test('names that lead nowhere count in included workflows too', async () => {
  const inner = Array.from({ length: 5 }, (_, at) => found(`inner${at}`, { files: gone(30) }));
  const outer = found('outer', { includes: inner.map(({ name }) => name) });
  await expect(loadSource(outer, among(...inner))).rejects.toThrow('more than 100 files and workflows');
});

const gone = (count: number): string[] => Array.from({ length: count }, (_, at) => `gone${at}.mjs`);

test('of a text with too many nodes nothing is looked for', async () => {
  const nodes = Array.from({ length: 201 }, (_, at) => `  - { id: n${at}, command: c }`).join('\n');
  const asked: string[] = [];
  const source = {
    ...found('many', {}),
    text: `name: many\nnodes:\n${nodes}`,
    file: async (path: string) => void asked.push(path),
  };
  expect((await loadSource(source, among())).files).toEqual({});
  expect(asked).toEqual([]);
});
