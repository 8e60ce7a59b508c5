import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { rememberFacts } from '../../../src/local-github/git/facts.ts';

const sha = (digit: string) => digit.repeat(40);

/** Asks through the memory; `asked` counts what reaches git. */
function given(most = 10, keep?: (fact: string | undefined) => boolean) {
  const facts = rememberFacts<string | undefined>(most, keep);
  const asked: string[] = [];
  const ask = (revision: string, answer: string | undefined = revision, directory = 'a.git') =>
    facts(directory, [revision], async () => {
      asked.push(`${directory} ${revision}`);
      return answer;
    });
  return { facts, ask, asked };
}

test('a fact about whole shas is asked for once, in each repository', async () => {
  const { ask, asked } = given();
  expect([await ask(sha('1')), await ask(sha('1')), await ask(sha('1'), sha('1'), 'b.git')]).toEqual(
    Array(3).fill(sha('1')),
  );
  expect(asked).toEqual([`a.git ${sha('1')}`, `b.git ${sha('1')}`]);
});

test('a fact is asked for once of repositories whose objects are one folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'facts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [first, second] = [join(folder, 'a.git'), join(folder, 'b.git')];
  mkdirSync(join(first, 'objects'), { recursive: true });
  mkdirSync(second);
  symlinkSync(join(first, 'objects'), join(second, 'objects'));
  const { ask, asked } = given();
  expect([await ask(sha('1'), 'x', first), await ask(sha('1'), 'y', second)]).toEqual(['x', 'x']);
  expect(asked).toHaveLength(1);
});

test('branches and short shas are asked for each time, because they move', async () => {
  const { ask, asked } = given();
  for (const revision of ['main', 'main', '1234567', '1234567']) await ask(revision);
  expect(asked).toHaveLength(4);
});

test('a failure, and what is not there yet, is asked for again', async () => {
  const { facts, ask, asked } = given(10, (found) => found !== undefined);
  await expect(facts('a.git', [sha('2')], () => Promise.reject(new Error('no git')))).rejects.toThrow('no git');
  expect(await ask(sha('2'))).toBe(sha('2'));
  const { ask: askAgain } = given(10, (found) => found !== undefined);
  await askAgain(sha('3'), undefined);
  expect(asked).toHaveLength(1);
});

test('what was used the longest ago goes first', async () => {
  const { ask, asked } = given(2);
  for (const digit of ['1', '2', '1', '3', '1', '2']) await ask(sha(digit));
  expect(asked.map((line) => line.at(-1))).toEqual(['1', '2', '3', '2']);
});
