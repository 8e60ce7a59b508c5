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

test('a name of more than 40 letters is compared with none, because hostile files ask for many', () => {
  expect(nearest('x'.repeat(40), [`${'x'.repeat(39)}y`])).toBe(`${'x'.repeat(39)}y`);
  expect(nearest('x'.repeat(41), [`${'x'.repeat(40)}y`])).toBeUndefined();
});

test('of equally near names the first wins', () => {
  expect(nearest('tag', ['tab', 'tags'])).toBe('tab');
});
