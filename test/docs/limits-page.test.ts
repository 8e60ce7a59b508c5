import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FIGURES_OVER_IT, LIMIT_FIGURES } from './limit-figures.ts';

const PAGE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'operations.md'), 'utf8');

/** The cells of the table under a heading, row by row, without its head. */
function tableUnder(heading: string): string[][] {
  const [, after = ''] = PAGE.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}

const rows = tableUnder('What each limit does');

it('tells of each limit what happens over it, in the words that stand above the table', () => {
  expect(rows.length).toBeGreaterThan(35);
  for (const [label, , , over = ''] of rows) {
    expect(over, label).toMatch(
      /\b(queues|asks|fails|refuses|cuts|given up|further comments are dropped|what is left is cancelled)\b/,
    );
  }
});

it('tells each figure as the program has it', () => {
  const told = rows.filter(([, figure]) => figure !== '').map(([label, figure]) => [label, figure]);
  expect(Object.fromEntries(told)).toEqual(LIMIT_FIGURES);
  for (const [label, part] of Object.entries(FIGURES_OVER_IT)) {
    expect(rows.find(([named]) => named === label)?.[3], label).toContain(part);
  }
});
