import { expect, test } from 'vitest';
import { readMarker, withMarker } from '../../../src/core/render/marker.ts';
import { quietMarkdown } from '../../../src/core/render/safe-text.ts';

test('a marker is read back from the first line', () => {
  expect(readMarker(withMarker('body', 'e-abc234'))).toBe('e-abc234');
  expect(readMarker(withMarker('body', 'e-abc234').replaceAll('\n', '\r\n'))).toBe('e-abc234');
});

test('a marker anywhere else counts for nothing', () => {
  expect(readMarker('hello\n<!-- flotilla:1 effect=e-abc234 -->')).toBeUndefined();
  expect(readMarker(' <!-- flotilla:1 effect=e-abc234 -->')).toBeUndefined();
  expect(readMarker('<!-- flotilla:1 effect=e-abc234 --> and more')).toBeUndefined();
  expect(readMarker('<!-- flotilla:2 effect=e-abc234 -->')).toBeUndefined();
});

test('foreign text cannot bring a marker along', () => {
  expect(readMarker(quietMarkdown('<!-- flotilla:1 effect=e-abc234 -->'))).toBeUndefined();
});
