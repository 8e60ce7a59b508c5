import { expect, it } from 'vitest';
import { createBoundedText } from '../../../src/platform/process/bounded-text.ts';

function keep(head: number, tail: number, chunks: readonly string[]): string {
  const kept = createBoundedText(head, tail);
  for (const chunk of chunks) kept.add(Buffer.from(chunk));
  return kept.text();
}

it('keeps everything that fits', () => {
  expect(keep(4, 4, ['abc', 'def', 'gh'])).toBe('abcdefgh');
});

it('keeps the head and the tail of what does not', () => {
  expect(keep(4, 4, ['abc', 'def', 'ghijkl', 'mn'])).toBe('abcd\n[6 bytes left out]\nklmn');
});

it('keeps the tail alone when there is no head', () => {
  expect(keep(0, 3, ['abcdef', 'g', 'h'])).toBe('fgh');
});

it('cuts no character in two', () => {
  expect(keep(3, 3, ['aéé', 'xxxx', 'ééb'])).toBe('aé\n[8 bytes left out]\néb');
  expect(keep(2, 2, ['aéxxxxéb'])).toBe('a\n[6 bytes left out]\nb');
});
