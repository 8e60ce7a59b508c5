import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../../src/core/command/parse-command.ts';

describe('the words of a retry and a publication', () => {
  test.each([
    ['retry', { fleet: null }],
    ['retry F-ABCD2345', { fleet: 'f-abcd2345' }],
    ['retry service-*', { fleet: null, repositories: 'service-*' }],
    ['retry f-abcd2345 acme/{a,b}', { fleet: 'f-abcd2345', repositories: 'acme/{a,b}' }],
  ])('%s', (words, read) => {
    expect(parseCommand(`/fleet ${words}`)).toEqual({ ok: true, command: { verb: 'retry', ...read } });
    const publish = { verb: 'publish', ...read };
    expect(parseCommand(`/fleet ${words.replace('retry', 'publish')}`)).toEqual({ ok: true, command: publish });
  });

  test.each([
    ['retry a b', '`b` follows', 'no more'],
    ['retry service-a f-abcd2345', '`f-abcd2345` follows', "fleet's id comes first"],
    ['retry !service-a', 'starts with `!`', 'service-*'],
    ['retry --draft', '`--draft` is there', 'frozen workflow'],
    ['publish --draft', '`--draft` is there', 'what its fleet has prepared'],
    ['retry version=3.0', '`version=3.0` is there', 'command of the workflow'],
  ])('%s is refused', (words, message, hint) => {
    expect(parseCommand(`/fleet ${words}`)).toEqual({
      ok: false,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });
});

describe('the words of a decision', () => {
  test.each([
    ['approve', { fleet: null }],
    ['reject', { fleet: null }],
    ['approve F-ABCD2345', { fleet: 'f-abcd2345' }],
    ['approve service-*', { fleet: null, repositories: 'service-*' }],
    ['approve f-abcd2345 acme/{a,b}', { fleet: 'f-abcd2345', repositories: 'acme/{a,b}' }],
    ['approve f-abcd2345 f-abcd2346', { fleet: 'f-abcd2345', repositories: 'f-abcd2346' }],
    ['approve "service-a"', { fleet: null, repositories: 'service-a' }],
    ['approve decision=ship', { fleet: null, decision: 'ship' }],
    ['approve decision=reject', { fleet: null, decision: 'reject' }],
    ['reject decision=reject', { fleet: null, decision: 'reject' }],
    [
      'approve node=gate service-a text=“two words”',
      { fleet: null, repositories: 'service-a', node: 'gate', text: 'two words' },
    ],
    ['reject text="a=b, c"', { fleet: null, text: 'a=b, c' }],
    ['reject text=', { fleet: null, text: '' }],
  ])('%s', (words, read) => {
    const [verb] = words.split(' ');
    expect(parseCommand(`/fleet ${words}`)).toEqual({ ok: true, command: { verb, ...read } });
  });

  test.each([
    ['approve looks good', '`good` follows', 'text="…"'],
    ['approve service-a f-abcd2345', '`f-abcd2345` follows', "fleet's id comes first"],
    ['approve f-abcd2345 a b', '`b` follows', 'text="…"'],
    ['approve !service-a', 'starts with `!`', 'service-*'],
    ['approve +(a)', 'cannot name repositories', 'service-*'],
    ['approve nod=gate', '`nod` is not known', 'Did you mean `node`?'],
    ['approve Node=gate', '`Node` is not known', 'node'],
    ['approve zzzzzz=1', '`zzzzzz` is not known', 'Known are `node`, `decision`, `text`'],
    ['approve node=a node=b', 'more than once', 'once'],
    ['approve text= text=', 'more than once', 'once'],
    ['approve node=', 'needs a value', 'node=…'],
    ['approve =gate', 'name is missing', 'no spaces'],
    ['approve node = gate', 'value is missing behind `node`', 'no spaces'],
    ['approve --node gate', 'no flag `--node`', 'Did you mean `node`?'],
    ['approve text="x\u0007"', 'control character', 'one line'],
    ['reject decision=ship', '`decision=` is `ship`', '/fleet approve decision='],
  ])('%s is refused', (words, message, hint) => {
    expect(parseCommand(`/fleet ${words}`)).toEqual({
      ok: false,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  test('a text has 8 KiB and not a byte more', () => {
    expect(parseCommand(`/fleet approve text=${'x'.repeat(8192)}`)).toMatchObject({ ok: true });
    expect(parseCommand(`/fleet approve text=${'x'.repeat(8193)}`)).toMatchObject({
      ok: false,
      message: 'The value of `text` has 8193 bytes.',
    });
  });

  test('/fleet plan reject says that it is a verb', () => {
    expect(parseCommand('/fleet plan reject')).toMatchObject({
      ok: false,
      message: '`reject` is a verb, not a workflow.',
    });
  });
});
