import { expect, test } from 'vitest';
import { nearest } from '../../src/core/nearest.ts';

const known = ['confirm_over', 'parallel', 'protected_paths', 'approvers'];

test.each([
  ['paralel', 'parallel'],
  ['PARALLEL', 'parallel'],
  ['aprovers', 'approvers'],
  ['confirm-over', 'confirm_over'],
  ['prallael', 'parallel'],
  ['colour', undefined],
  ['', undefined],
  ['x'.repeat(5000), undefined],
])('the name nearest to %s is %s', (name, expected) => {
  expect(nearest(name, known)).toBe(expected);
});

test('a swap of two letters is one edit, so that a short name still finds its neighbour', () => {
  expect(nearest('ist', ['sit'])).toBe('sit');
  expect(nearest('abc', ['axy'])).toBeUndefined();
});

test('of equally near names the first wins', () => {
  expect(nearest('tag', ['tab', 'tags'])).toBe('tab');
});
