import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import {
  clip,
  clipStart,
  codeCell,
  codeSpan,
  fencedTail,
  plainLine,
  quietMarkdown,
  quietMessage,
  safeProse,
  safeProseCell,
  safeText,
} from '../../../src/core/render/safe-text.ts';

const markdown = new MarkdownIt({ html: true, linkify: false });
const shown = (text: string): string => markdown.renderInline(text).replaceAll('\u200b', '');

describe('safeText', () => {
  test.each([
    ['a person', 'ping @octocat now'],
    ['a team', 'ping @acme/owners now'],
    ['an address', 'mail a@b.example'],
  ])('leaves no live mention of %s', (_, text) => {
    expect(safeText(text, 100)).not.toMatch(/@\w/);
    expect(shown(safeText(text, 100))).toBe(text);
  });

  test.each(['#1', 'Fixes #12', 'acme/x#3', 'closes acme/x#3', 'GH-4', 'https://github.com/acme/x/issues/5'])(
    'leaves nothing of %s that GitHub links',
    (text) => {
      const safe = safeText(text, 100);
      expect(safe).not.toMatch(/#\d|GH-\d|https:\/\//);
      expect(shown(safe)).toBe(text);
    },
  );

  test('shows HTML, comments and Markdown as they were typed', () => {
    const text = '<img src=x> <!-- flotilla:1 effect=e-1 --> **a** _b_ [c](d) `e` ~~f~~ $g$ h|i \\|';
    const html = markdown.renderInline(safeText(text, 500));
    expect(html).not.toMatch(/<(img|strong|em|a|code|s)\b/);
    expect(html).toContain('&lt;img src=x&gt; &lt;!-- flotilla');
    expect(safeText(text, 500)).not.toContain('<!--');
  });

  test('stays one cell of a table', () => {
    const row = `| ${safeText('a|b\n| c \\| d', 100)} | ${codeCell('x|y\\|z', 100)} | end |`;
    const html = new MarkdownIt().render(`| 1 | 2 | 3 |\n| - | - | - |\n${row}`);
    expect(html.match(/<td>/g)).toHaveLength(3);
    expect(html).toContain('<td>end</td>');
  });

  test.each(['# title', '- item', '1. item', '> quote', '=== x', '+ item'])('starts no block with %s', (text) => {
    expect(markdown.render(safeText(text, 100))).toMatch(/^<p>/);
  });

  test('loses control characters, escape sequences and marks that reorder text', () => {
    expect(safeText('\u001b[31mred\u001b[0m\u0000 a\u202eb\u0007', 100)).toBe('red ab');
  });
});

test('prose keeps the code spans of our own sentences', () => {
  expect(safeProseCell('Node `test` of @you ended; see `a|b`.', 200)).toBe(
    'Node `test` of @\u200byou ended; see `a\\|b`.',
  );
  expect(safeProse('either `a|b`', 200)).toBe('either `a|b`');
  expect(safeProse('an odd ` backtick', 200)).toBe('an odd \\` backtick');
});

describe('cutting', () => {
  test('never leaves half of a surrogate pair', () => {
    for (let max = 1; max < 9; max += 1) {
      expect(clip('🟩🟥🟦🟨', max).isWellFormed()).toBe(true);
      expect(clipStart('🟩🟥🟦🟨', max).isWellFormed()).toBe(true);
      expect(clip('🟩🟥🟦🟨', max).length).toBeLessThanOrEqual(max);
      expect(clipStart('🟩🟥🟦🟨', max).length).toBeLessThanOrEqual(max);
    }
  });

  test('leaves short text alone', () => {
    expect(clip('abc', 3)).toBe('abc');
    expect(clip('abcd', 3)).toBe('ab…');
    expect(clipStart('abcd', 3)).toBe('…cd');
  });
});

describe('code', () => {
  test.each(['`', 'a`b', '``x``', '` leading', 'trailing `'])('a span holds %j whole', (text) => {
    expect(shown(codeSpan(text, 100))).toBe(`<code>${text}</code>`);
  });

  test('a fence is longer than any run of backticks inside, so that nothing gets out', () => {
    const html = markdown.render(fencedTail('a\n`````\n<b>@you</b>\n```', 1_000));
    expect(html.match(/<pre>/g)).toHaveLength(1);
    expect(html).not.toContain('<b>');
  });

  test('a tail keeps the end, without colours, overwritten progress and secrets', () => {
    const output = `${'x'.repeat(50)}\n10%\r50%\r100%\r\n\u001b[32mdone\u001b[0m ghp_abcdef0123456789\n\n`;
    expect(fencedTail(output, 20)).toBe('```text\n…xxxxx\n100%\ndone ***\n```');
  });
});

test('a title is one line without secrets', () => {
  expect(plainLine('a\r\n b\tghs_abc123 c', 100)).toBe('a b *** c');
});

test('quiet Markdown keeps its form but reaches nobody', () => {
  const quiet = quietMarkdown('**Bump** for @octocat\n<!-- flotilla:1 effect=e-1 -->\nFixes #1');
  expect(quiet).toContain('**Bump**');
  expect(quiet).not.toMatch(/@\w|#\d|<!--/);
});

test('a commit message keeps the names of packages and closes no issue', () => {
  expect(quietMessage('Bump @acme/shared')).toBe('Bump @acme/shared');
  expect(quietMessage('for @octocat, fixes #3')).toBe('for @\u200boctocat, fixes #\u200b3');
});
