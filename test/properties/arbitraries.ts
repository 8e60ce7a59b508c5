import fc from 'fast-check';

/** Each is a command, or ends what stands around it, somewhere: a shell, Markdown, a table, HTML, git, YAML or ours. */
const SHELL = [
  '$(touch canary)',
  '`touch canary`',
  '; touch canary;',
  '&& touch canary',
  '| touch canary',
  '\ntouch canary\n',
  "'; touch canary; '",
  '"; touch canary; "',
  '() { :;}; touch canary',
  '$((a[$(touch canary)]))',
  '${x:-$(touch canary)}',
  '<(touch canary)',
  '> canary',
  '!!',
  '\\',
  '%s%n',
  '*',
  '~',
];
const REFERENCES = [
  '{{version}}',
  '{{ inputs.note }}',
  '{{service}}',
  '{{nodes.test.output}}',
  '${{ github.token }}',
  '$SERVICE',
  '$test.output',
  '$test.exit_code',
  '$inputs.version',
  '{{',
  '}}',
  '{',
  '}',
  '$',
];
const MARKDOWN = [
  '|',
  '\\|',
  '\\\\|',
  '`',
  '``',
  '```',
  '\n```\n',
  '\n````text\n',
  '~~~',
  '\n~~~\n',
  '<!--',
  '-->',
  '<!-- flotilla:1 effect=e-abcdefghijklmnop -->',
  '<b>',
  '</details>',
  '</summary>',
  '<details>',
  '\n<pre>\n',
  '\n<![CDATA[\n',
  '<img src=x onerror=y>',
  '&lt;',
  '[a](b)',
  '](',
  ')',
  '](https://evil.example)',
  '\n| --- | --- |\n',
  '\n# ',
  '\n---\n',
  '\n> ',
  '\n- ',
  '\n    ',
  '**',
  '_',
];
const REACHES = [
  '@octocat',
  '@acme/owners',
  '@octocat[bot]',
  '&#64;octocat',
  '&#x40;octocat',
  '&commat;octocat',
  '@&#x6f;ctocat',
  '#1',
  'acme/api#2',
  '&num;3',
  '&#x23;4',
  'GH-5',
  'Fixes #6',
  'https://github.com/acme/api/issues/7',
];
const UNSEEN = [
  ' ',
  '  ',
  '\n',
  '\n\n',
  '\r',
  '\r\n',
  '\t',
  '\u0000',
  '\u0007',
  '\u001b[31m',
  '\u001b]0;title\u0007',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u00ad',
  '\u200b',
  '\u200d',
  '\u202e',
  '\u2028',
  '\u2029',
  '\u2066',
  '\u3000',
  '\ufeff',
  '\ud83d',
  '\udfe9',
  '\ufdd0',
  '\uffff',
  '\u{10fffe}',
];
const NAMES = [
  '-',
  '--',
  '--plan',
  '—plan',
  '–',
  '.',
  '..',
  '/',
  '//',
  '.lock',
  '@{',
  '@',
  'HEAD',
  'refs/heads/',
  '~1',
  '^',
  ':',
  '?',
  '[',
  '{a,b}',
  '!',
  '=',
  '__proto__',
  'constructor',
  'main',
  'a',
  'Z',
  '0',
  '2.0',
];
const QUOTES = ["'", '"', '“', '”', '„', '‘', '’', '‚', '«', "''", '""', '"a', "a'"];
const LETTERS = ['ä', 'ß', 'e\u0301', 'İ', 'ſ', 'K', '字', '🟩', '👩‍👩‍👧', 'word', 'two words'];
const TRAILERS = ['\n\nCo-authored-by: mallory <m@evil.example>', '\nSigned-off-by: x <x@x>', '\n---\n', '\n#'];

const FRAGMENTS = [
  ...SHELL,
  ...REFERENCES,
  ...MARKDOWN,
  ...REACHES,
  ...UNSEEN,
  ...NAMES,
  ...QUOTES,
  ...LETTERS,
  ...TRAILERS,
];

const fragment = fc.constantFrom(...FRAGMENTS);

/** Short texts, in which dangerous parts meet each other and any Unicode. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.array(fragment, { maxLength: 8 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fragment },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'ab-. @#|`"\'$\\<>/\n'), maxLength: 16 }) },
);

/** As hostileText, without the character that no variable, argument or GitHub's own names can hold. */
export const hostileTextWithoutNul: fc.Arbitrary<string> = hostileText.map((text) => text.replaceAll('\0', ''));

/** What an input's value can be after the doors have checked it: one line of whole Unicode. */
export const hostileValue: fc.Arbitrary<string> = hostileText.map((text) =>
  text.toWellFormed().replace(/\p{Cc}/gu, ''),
);

/** A text of one to three megabytes, told in short where a case fails. */
export interface Huge {
  part: string;
  length: number;
}

export const hugeText: fc.Arbitrary<Huge> = fc.record({
  part: fc.array(fragment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
  length: fc.integer({ min: 1_000_000, max: 3_000_000 }),
});

export const written = ({ part, length }: Huge): string => part.repeat(Math.ceil(length / part.length));

export const inputName: fc.Arbitrary<string> = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);

/** Inputs by name, as a command gives them. */
export const hostileInputs: fc.Arbitrary<Record<string, string>> = fc
  .uniqueArray(fc.tuple(inputName, hostileValue), { maxLength: 4, selector: ([name]) => name })
  .map((pairs) => Object.fromEntries(pairs));

/** A command that GitHub's comments and dispatches can bring into a plan. */
export const hostileFlags = fc.record({
  tag: fc.array(hostileValue, { maxLength: 2 }),
  match: fc.array(hostileValue, { maxLength: 1 }),
  repo: fc.array(hostileValue, { maxLength: 1 }),
  exclude: fc.array(hostileValue, { maxLength: 1 }),
});
