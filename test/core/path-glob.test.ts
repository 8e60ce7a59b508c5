import picomatch from 'picomatch';
import { expect, it } from 'vitest';
import { compilePathGlobs, pathGlobProblem } from '../../src/core/path-glob.ts';

const PATHS = [
  ...['a', 'b', 'ab', 'abc', 'aXc', 'a/b', 'a/b/c', 'a/x/b', 'a/x/y/b/c', 'A/B', 'axxb', 'xa/b', 'a/xb', '.a', 'a/.b'],
  ...['.github/workflows/ci.yml', '.github/workflows', '.github/x', 'key.pem', 'x/y/key.pem', '.env', 'x/.env.local'],
  ...['src/x.ts', 'src/a/b/x.ts', 'lib/q', 'lib', 'a.js', 'a.ts', 'aXts', 'a+b', 'a,b', '$x', 'x(1).txt', 'bb', 'x y'],
];

it.each([
  ...['**', '*', 'a', '.env', 'a+b', 'a,b', '$x', 'x(1).txt', 'x y', 'a.ts', 'a?c', '?', '*b', 'a*', 'a**b', '**b'],
  ...['**/a', 'a/**', 'a/*', 'a/*/c', 'a/**/b/**', 'a/**/**', '**/**/b', '**/*.pem', '**/.env*', 'src/**/x.ts'],
  ...['{src,lib}/**', '**/{a,b}', '*.{js,ts}', '{a,{b,x}}*', '{,a}b', '[a-c]*', '[^a]b', '.github/workflows/**', 'a/'],
])('%s means what it means to picomatch', (glob) => {
  const theirs = picomatch(glob, { dot: true, nocase: true, noextglob: true });
  expect(pathGlobProblem(glob)).toBeUndefined();
  expect(PATHS.filter(compilePathGlobs([glob]))).toEqual(PATHS.filter((path) => theirs(path)));
});

it('of several globs any protects', () => {
  expect(['a', 'b', 'c'].filter(compilePathGlobs(['a', '{b,x}']))).toEqual(['a', 'b']);
  expect(compilePathGlobs([])('a')).toBe(false);
});

it('an exclamation mark in a class turns it around, and no class contains the slash', () => {
  expect(['ax', 'bx', '/x'].filter(compilePathGlobs(['[!a]x']))).toEqual(['bx']);
});

it('a line break in a name hides nothing', () => {
  expect(compilePathGlobs(['secrets/**'])('secrets/a\nb')).toBe(true);
});

it.each([
  ['', 'empty'],
  ['!a', 'starts with `!`'],
  ['/a', 'starts with `/`'],
  ['a'.repeat(201), '200 characters'],
  ['+(a)b', 'group'],
  ['@(a|b)', 'group'],
  ['(a|b)', '`|`'],
  ['a\\*', '`\\`'],
  ['a\nb', 'control character'],
  ['*a*a*a*a*b', 'more than 4'],
  ['{1..3}', 'without a `,`'],
  ['[a', 'brackets'],
  ['a]', 'brackets'],
  ['{a,b', 'brackets'],
  ['[z-a]', 'brackets'],
])('%j is refused: %s', (glob, why) => {
  expect(pathGlobProblem(glob)).toContain(why);
});
