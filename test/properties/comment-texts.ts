import fc from 'fast-check';
import { hostileText } from './arbitraries.ts';

/** Comments and command lines that are nearly right. */

const WORDS = [
  ...[
    '/fleet',
    '/fleet',
    '/fleet',
    '/Fleet',
    '/fleets',
    'fleet',
    'plan',
    'approve',
    'reject',
    'cancel',
    'status',
    'help',
    'list',
  ],
  ...[
    'retry',
    'pause',
    'resume',
    'publish',
    'bump',
    'bump-shared-lib',
    'Bump',
    'f-abcd2345',
    'F-ABCD2345',
    'f-1',
    'version=2.0',
    'note="two words"',
  ],
  ...[
    "note='it is'",
    'note=“curly”',
    'note=',
    '=x',
    'a=b=c',
    'x',
    'version=2.0',
    '--plan',
    '—plan',
    '––draft',
    '--tag',
    '--tag=a:b',
  ],
  ...[
    '--match',
    'acme/*',
    '--repo',
    'acme/api',
    '--exclude',
    '--parallel',
    '3',
    '--parallel=0',
    '--draft',
    '--again',
    '--preview',
  ],
  ...['--', '-', '-h', '--help', '--nope', '"', "'", '“', '’', '"a"b', '__proto__=1', 'constructor=1', 'ver sion=1'],
];
const BLANKS = [' ', ' ', ' ', ' ', '  ', '\t', '\u00a0', '\u3000', '\u2028', '\ufeff', '\u200b', '\r', '\u0000', ''];

const line = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 7, arbitrary: fc.constantFrom(...WORDS) }, { weight: 1, arbitrary: hostileText }),
      fc.constantFrom(...BLANKS),
    ),
    {
      maxLength: 8,
    },
  )
  .map((words) => words.map((pair) => pair.join('')).join(''));

const DECIDING = ['f-abcd2345', 'service-*', 'acme/api', 'node=gate', 'decision=ship', 'decision=reject'];
const HINDERING = ['!service', 'nod=x', '--node', '=', 'text="so be it"', 'text=“ok”', 'text=', 'node=', 'ok'];

/** Decisions, most of them with a word too many. */
const decision = fc
  .tuple(
    fc.constantFrom('approve', 'reject'),
    fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...DECIDING) },
        { weight: 3, arbitrary: fc.constantFrom(...HINDERING) },
        { weight: 1, arbitrary: hostileText.map((text) => `text="${text}"`) },
      ),
      { maxLength: 4 },
    ),
  )
  .map(([verb, words]) => ['/fleet', verb, ...words].join(' '));

/** What follows `/fleet` in one line, and lines that do not begin with it. */
export const commandLine: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: line.map((rest) => `/fleet ${rest}`) },
  { weight: 1, arbitrary: line },
  { weight: 1, arbitrary: decision },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: fc.constantFrom(...'/fleet =-"\'“”‘’–—\\ a1\t\u00a0'), maxLength: 30 })
      .map((rest) => `/fleet ${rest}`),
  },
);

const STARTS = [
  '',
  '',
  '',
  ' ',
  '   ',
  '    ',
  '\t',
  '> ',
  '>',
  '- ',
  '```',
  '~~~',
  '````sh',
  '  ```',
  '<!-- ',
  '-->',
  '# ',
  '1. ',
];
const ENDS = ['\n', '\n', '\r\n', '\r', '\n\n', '\u2028', '\u0085', ''];

/** Comments of a few lines, in which fences, quotes and indentation begin and end anywhere. */
export const comment: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.constantFrom(...STARTS),
      fc.oneof(fc.constantFrom('', '/fleet list', 'text'), commandLine),
      fc.constantFrom(...ENDS),
    ),
    {
      maxLength: 5,
    },
  )
  .map((lines) => lines.map((parts) => parts.join('')).join(''));
