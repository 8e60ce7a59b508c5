import { expect, it } from 'vitest';
import { annotation } from '../../../src/core/render/annotations.ts';

const fault = { file: 'ignored', line: 3, column: 5, code: 'unknown_key', message: 'No `x`.', hint: 'Remove it.' };

it('is a workflow command that names the place', () => {
  expect(annotation(fault, 'error', '.github/fleet/a.yml')).toBe(
    '::error file=.github/fleet/a.yml,line=3,col=5,title=unknown_key::No `x`. Remove it.',
  );
});

it('can neither end early nor begin another command', () => {
  const hostile = { ...fault, code: 'warning/a', message: '100%\r\n::stop-commands::x', hint: '' };
  expect(annotation(hostile, 'warning', 'a,b:c%\nd.yml')).toBe(
    '::warning file=a%2Cb%3Ac%25%0Ad.yml,line=3,col=5,title=warning/a::100%25%0D%0A::stop-commands::x',
  );
});
