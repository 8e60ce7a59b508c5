import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../../src/core/command/parse-command.ts';
import type { RequestFlags } from '../../../src/core/request-flags.ts';

const noFlags: RequestFlags = {
  plan: false,
  tag: [],
  match: [],
  repo: [],
  exclude: [],
  parallel: null,
  draft: false,
  again: false,
  preview: false,
};

const submit = (inputs: Record<string, string>, flags: Partial<RequestFlags> = {}) => ({
  ok: true,
  command: { verb: 'submit', workflow: 'bump', inputs, flags: { ...noFlags, ...flags } },
});

describe('verbs', () => {
  test.each([
    ['/fleet', { verb: 'help' }],
    ['/fleet help', { verb: 'help' }],
    ['/fleet --help', { verb: 'help' }],
    ['/fleet list\r', { verb: 'list' }],
    ['/fleet status', { verb: 'status', fleet: null }],
    ['/fleet approve f-abcd2345', { verb: 'approve', fleet: 'f-abcd2345' }],
    ['/fleet cancel\u00a0F-ABCD2345', { verb: 'cancel', fleet: 'f-abcd2345' }],
    ['/fleet undo', { verb: 'undo', fleet: null }],
    ['/fleet undo f-abcd2345 service-*', { verb: 'undo', fleet: 'f-abcd2345', repositories: 'service-*' }],
  ])('%j is read', (line, command) => {
    expect(parseCommand(line)).toEqual({ ok: true, command });
  });

  test.each([
    ['/fleet help me', 'takes nothing further', 'Leave it out'],
    ['/fleet cancel bump', '`bump` is not the id of a fleet', 'f-abcd2345'],
    ['/fleet status f-abcd2345 acme/*', 'takes nothing further', 'Leave it out'],
    ['/fleet undo a b', 'one repository glob, but `b` follows', 'no more than these'],
    ['/fleet undo --match a', 'takes no flags and no inputs', 'one glob names'],
    ['/fleet plan', 'needs the name of a workflow', '/fleet list'],
    ['/fleet plan approve', 'is a verb', '/fleet list'],
    ['bump version=2', 'starts with `/fleet`', '/fleet help'],
  ])('%j is refused', (line, message, hint) => {
    expect(parseCommand(line)).toEqual({
      ok: false,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });
});

describe('inputs', () => {
  test.each([
    ['version=2.0', { version: '2.0' }],
    ['range=>=1.2 <', undefined],
    ['range=>=1.2', { range: '>=1.2' }],
    ['url=https://a/b?c=d', { url: 'https://a/b?c=d' }],
    ['empty=', { empty: '' }],
    ['empty=""', { empty: '' }],
    ['title="two words"', { title: 'two words' }],
    ["title='two words'", { title: 'two words' }],
    ['"title=two words"', { title: 'two words' }],
    ['title=“two words”', { title: 'two words' }],
    ['title=„two words“', { title: 'two words' }],
    ['title=‘two words’', { title: 'two words' }],
    ['title="two words”', undefined],
    ['title=“two words"', { title: 'two words' }],
    ['title="two\u00a0words"', { title: 'two words' }],
    ['title="it’s — “fine”"', { title: 'it’s — “fine”' }],
    ["title=it's", { title: "it's" }],
    ['a=1\u00a0b=2\u2003c=3', { a: '1', b: '2', c: '3' }],
    ['a=b="c"', { a: 'b="c"' }],
    ['version="2.0; touch owned"', { version: '2.0; touch owned' }],
    ['version=$(id)`id`', { version: '$(id)`id`' }],
    ['regex="\\d+\\"', { regex: '\\d+\\' }],
    ['constructor=x', { constructor: 'x' }],
    ['name=—dash', { name: '—dash' }],
  ])('%s gives %j', (text, inputs) => {
    const parsed = parseCommand(`/fleet bump ${text}`);
    if (inputs === undefined) expect(parsed.ok).toBe(false);
    else expect(parsed).toEqual(submit(inputs));
  });

  test('a value of 8 KiB is taken, one byte more is not, counted in UTF-8', () => {
    expect(parseCommand(`/fleet bump a=${'x'.repeat(8192)}`)).toMatchObject({ ok: true });
    expect(parseCommand(`/fleet bump a=${'x'.repeat(8193)}`)).toMatchObject({ ok: false });
    expect(parseCommand(`/fleet bump a=${'ü'.repeat(4097)}`)).toMatchObject({
      ok: false,
      message: 'The value of `a` has 8194 bytes.',
    });
  });

  test.each([
    ['bump a="x\ty"', 'control character', 'one line'],
    ['bump a=x\u0000y', 'control character', 'one line'],
    ['bump a=\ud800', 'control character', 'one line'],
    ['bump a=1 a=2', '`a` is given more than once', 'once'],
    ['bump 2.0', '`2.0` is neither `key=value` nor a flag', 'key="two words"'],
    ['bump version = 2.0', '`version` is neither', 'without spaces around'],
    ['bump =2.0', '`=2.0` is neither', 'without spaces around'],
    ['bump Version=2', '`Version` cannot be an input', 'small letters'],
    ['bump __proto__=2', '`__proto__` cannot be an input', 'small letters'],
    ['bump a="x', 'never closed', 'Close it'],
    ['bump a="x"y', 'follows the closing quote', 'whole value'],
    ['bump "--plan"', '`--plan` is neither', 'key=value'],
    ['version=2.0 bump', 'comes first', '/fleet list'],
    ['--plan bump', 'comes first', '/fleet list'],
    ['Bump', "`Bump` cannot be a workflow's name", 'small letters'],
    ['Approve', "`Approve` cannot be a workflow's name", 'Did you mean `/fleet approve`?'],
    ['../x', 'cannot be a workflow', 'small letters'],
    ['x'.repeat(61), 'cannot be a workflow', '60 characters'],
  ])('%j is refused', (text, message, hint) => {
    expect(parseCommand(`/fleet ${text}`)).toEqual({
      ok: false,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });
});

describe('flags', () => {
  test.each([
    ['--plan', { plan: true }],
    ['—plan', { plan: true }],
    ['–plan', { plan: true }],
    ['–-plan', { plan: true }],
    ['‑‑plan', { plan: true }],
    ['--draft --again', { draft: true, again: true }],
    ['--parallel 4', { parallel: 4 }],
    ['--parallel=4', { parallel: 4 }],
    ['--tag a:b --tag c', { tag: ['a:b', 'c'] }],
    ['--tag="two words"', { tag: ['two words'] }],
    ['--tag "--odd"', { tag: ['--odd'] }],
    ['--match acme/*-api --exclude x --exclude y', { match: ['acme/*-api'], exclude: ['x', 'y'] }],
    ['--repo a —repo acme/b', { repo: ['a', 'acme/b'] }],
  ])('%s is read', (text, flags) => {
    expect(parseCommand(`/fleet bump ${text}`)).toEqual(submit({}, flags));
  });

  test('flags and inputs mix, and /fleet plan is the same as --plan', () => {
    const expected = submit({ version: '2.0' }, { plan: true, tag: ['x'] });
    expect(parseCommand('/fleet plan bump --tag x version=2.0')).toEqual(expected);
    expect(parseCommand('/fleet bump version=2.0 --plan --tag x')).toEqual(expected);
  });

  test.each([
    ['--paralel 4', '`--paralel` is not a flag', 'Did you mean `--parallel`?'],
    ['-plan', '`-plan` is not a flag', 'Did you mean `--plan`?'],
    ['--zzzzzz', 'not a flag', 'Known are `--tag`'],
    ['--plan --plan', 'more than once', 'once'],
    ['--parallel 1 --parallel 2', 'more than once', 'once'],
    ['--plan=yes', 'takes no value', 'alone'],
    ['--tag', 'needs a value', '`--tag value`'],
    ['--tag --plan', 'needs a value', '`--tag value`'],
    ['--tag=', 'needs a value', '`--tag value`'],
    ['--parallel 0', 'not a number of tasks: `0`', 'from 1'],
    ['--parallel 1.5', 'not a number', 'from 1'],
    ['--parallel 1e3', 'not a number', 'from 1'],
    ['--parallel 99999', 'not a number', 'to 1000'],
    ['--preview --preview', 'more than once', 'once'],
  ])('%s is refused', (text, message, hint) => {
    expect(parseCommand(`/fleet bump ${text}`)).toMatchObject({
      ok: false,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });
});

test.each([
  ['/fleet bump @octocat', '`@octocat` is'],
  ['/fleet bump ``x`', '``` ``x` ``` is'],
  ['/fleet bump a\u202eb', '`a\\u{202e}b` is'],
  [`/fleet bump ${'x'.repeat(200)}`, `\`${'x'.repeat(79)}…\` is`],
])('the error for %j quotes what was typed as a harmless code span', (line, quoted) => {
  expect(parseCommand(line)).toMatchObject({ ok: false, message: expect.stringContaining(quoted) });
});

test('60,000 characters of anything are answered at once', () => {
  for (const piece of ['"', '=', ' ', '—', 'a=', '--tag ', '“x', '\\']) {
    const started = performance.now();
    parseCommand(`/fleet bump ${piece.repeat(60_000 / piece.length)}`);
    expect(performance.now() - started, piece).toBeLessThan(1000);
  }
});
