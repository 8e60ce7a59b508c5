import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { factsOf, parseRehearseFile, rehearseFileName } from '../../../src/rehearse/rehearse-file.ts';
import { writeSample } from '../../../src/rehearse/sample/write-sample.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sample-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('every repository has a clean work tree on main, and the same commit on every machine', async () => {
  const sample = await writeSample(folder);
  expect(sample.repositories).toHaveLength(15);
  for (const name of sample.repositories) {
    const cwd = join(folder, name);
    expect((await execa('git', ['status', '--porcelain', '--branch'], { cwd })).stdout, name).toBe('## main');
  }
  const head = await execa('git', ['rev-parse', 'HEAD'], { cwd: join(folder, 'service-billing') });
  expect(head.stdout).toBe('197762962c084a8551aa74c1b70992c43a9c51af');
});

test('the file beside the repositories says who carries the topic and who is left out', async () => {
  const sample = await writeSample(folder);
  const file = parseRehearseFile(await readFile(join(folder, rehearseFileName), 'utf8'));
  expect(file).toMatchObject({ organization: 'acme', sender: 'mona' });
  const facts = sample.repositories.map((name) => ({ name, ...factsOf(file, name) }));
  const tagged = facts.filter((repository) => repository.topics.includes(sample.topic));
  expect(tagged).toHaveLength(12);
  const named = (matches: (repository: (typeof facts)[number]) => boolean) =>
    tagged.filter(matches).map((repository) => repository.name);
  expect(named((repository) => repository.archived)).toEqual(['service-legacy']);
  expect(named((repository) => repository.fork)).toEqual(['service-reports']);
  expect(named((repository) => repository.topics.includes('fleet-ignore'))).toEqual(['service-sandbox']);
  expect(named((repository) => repository.permission === 'read')).toEqual(['service-vault']);
});

test('a folder with something in it is refused and left as it was', async () => {
  await writeFile(join(folder, 'mine.txt'), 'keep');
  await expect(writeSample(folder)).rejects.toThrow('is not empty');
  expect(await readFile(join(folder, 'mine.txt'), 'utf8')).toBe('keep');
});

test('a file with wrong fields is refused with the place of every fault', () => {
  const text = 'sender: mona\nrepositories:\n  api: { topics: [Upper], permision: read }\n';
  expect(() => parseRehearseFile(text)).toThrow(/repositories\.api\.topics\.0.*\n.*repositories\.api.*permision/);
  expect(() => parseRehearseFile('a: [')).toThrow(/line 1/);
  expect(parseRehearseFile('')).toEqual({ repositories: {} });
});
