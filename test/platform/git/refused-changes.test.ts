import { expect, it } from 'vitest';
import { linkRefusal } from '../../../src/platform/git/refused-changes.ts';

it.each([
  ['link', 'file'],
  ['a/b/link', '../../file'],
  ['a/link', '../b/c'],
  ['a/link', './c'],
  ['a/link', '..'],
])('lets %s point to %s', (path, target) => expect(linkRefusal(path, target)).toBeNull());

it.each([
  ['link', '/etc/passwd'],
  ['link', '..'],
  ['link', '../x'],
  ['a/link', '../../x'],
  ['a/link', 'b/../../../x'],
  ['a/link', 'b/../c'],
  ['link', '.git/hooks'],
  ['a/link', '../.GIT/config'],
  ['a/link', '../.g\u200cit/config'],
  ['link', 'git~1/hooks'],
  ['link', '.git./hooks'],
  ['link', '..\\x'],
  ['a/link', '..\\..\\x'],
  ['link', '\\\\host\\share'],
  ['link', 'C:\\Windows'],
  ['link', 'c:/x'],
  ['link', ''],
])('refuses that %s points to %s', (path, target) => expect(linkRefusal(path, target)).not.toBeNull());
