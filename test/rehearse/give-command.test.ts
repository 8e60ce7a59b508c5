import { expect, test } from 'vitest';
import { findCommandLine } from '../../src/core/command/find-command.ts';
import { parseCommand } from '../../src/core/command/parse-command.ts';
import { commandText } from '../../src/rehearse/give-command.ts';
import { RehearseError } from '../../src/rehearse/options.ts';

const read = (...words: string[]) => parseCommand(findCommandLine(commandText('bump', words)) ?? '');

test.each([
  '2.0',
  '',
  'two words',
  ' around ',
  '2.0; touch owned',
  '$(touch owned) `id` && {{x}} #1 @mona',
  'a=b=c',
  '-1',
  '--plan',
  "it's",
  'say "hi"',
  '"all of it"',
  "'all of it'",
  '“curly”',
  '‘curly’',
  'half “curly',
  '\\"',
  '<!-- flotilla -->',
  'C:\\dir\\file',
])('the value %j arrives in the command as it was given', (value) => {
  expect(read(`note=${value}`, 'version=2.0')).toMatchObject({
    ok: true,
    command: { verb: 'submit', workflow: 'bump', inputs: { note: value, version: '2.0' } },
  });
});

test('flags arrive as flags, also with a value of several words', () => {
  const flags = { plan: true, tag: ['team:a b'], match: ['acme/*'], repo: ['api'], parallel: 2 };
  expect(read('--plan', '--tag', 'team:a b', '--match=acme/*', '--repo', 'api', '--parallel', '2')).toMatchObject({
    ok: true,
    command: { verb: 'submit', flags },
  });
  expect(read('--tag=team:a b')).toMatchObject({ ok: true, command: { flags: { tag: ['team:a b'] } } });
});

test('a word without a key stays one word and is told, not dropped', () => {
  expect(read('two words')).toMatchObject({ ok: false, message: expect.stringContaining('two words') });
  expect(read('')).toMatchObject({ ok: false });
});

test('a value with both kinds of quotes is refused: the grammar has no way to write it', () => {
  expect(() => commandText('bump', ['note=it\'s "both"'])).toThrow(RehearseError);
  expect(() => commandText('bump', ['note=it\'s "both"'])).toThrow('both kinds of quotes');
});
