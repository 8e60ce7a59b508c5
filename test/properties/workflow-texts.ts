import fc from 'fast-check';
import { hostileText } from './arbitraries.ts';
import { SETTINGS, SMALL, SYNTAX, WHOLE, WITH_SCHEMA } from './workflow-seeds.ts';

/** Files for the YAML door: random text, workflows with accidents, and data of every shape in the language's words. */

type Accident =
  | { kind: 'delete' | 'double' | 'move' | 'indent' | 'cut'; at: number; length: number }
  | { kind: 'insert'; at: number; text: string };

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const accident: fc.Arbitrary<Accident> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('delete', 'double', 'move', 'indent', 'cut'),
      at: place,
      length: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('insert' as const), at: place, text: fc.constantFrom(...SYNTAX) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('insert' as const), at: place, text: hostileText }) },
);

function happen(text: string, accident: Accident): string {
  const at = Math.floor(accident.at * (text.length + 1));
  if (accident.kind === 'insert') return text.slice(0, at) + accident.text + text.slice(at);
  const { kind, length } = accident;
  if (kind === 'cut') return text.slice(0, at);
  if (kind === 'delete') return text.slice(0, at) + text.slice(at + length);
  if (kind === 'double') return text.slice(0, at + length) + text.slice(at);
  const lines = text.split('\n');
  const first = Math.floor(accident.at * lines.length);
  const moved = lines.splice(first, kind === 'move' ? 1 : Math.min(length, 4));
  if (kind === 'move') lines.splice((first + length) % (lines.length + 1), 0, ...moved);
  else lines.splice(first, 0, ...moved.map((line) => (length % 2 === 0 ? ` ${line}` : line.slice(1))));
  return lines.join('\n');
}

const withAccidents = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...texts), fc.array(accident, { minLength: 1, maxLength: 4 }))
    .map(([text, accidents]) => accidents.reduce(happen, text));

export const mutatedWorkflow: fc.Arbitrary<string> = withAccidents([
  ...SMALL,
  ...SMALL,
  ...SMALL,
  ...SMALL,
  ...SMALL,
  WITH_SCHEMA,
]);

/** Of the files that ship. */
export const mutatedFile: fc.Arbitrary<string> = withAccidents(WHOLE);

export const mutatedSettings: fc.Arbitrary<string> = withAccidents([SETTINGS]);

export const randomText: fc.Arbitrary<string> = fc.oneof(
  fc
    .array(fc.constantFrom(...SYNTAX, 'a', 'name: x', 'nodes:', '\n  - id: a', '\n    bash: x'), { maxLength: 14 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
  hostileText,
);

const KEYS = [
  ...[
    'name',
    'description',
    'inputs',
    'services',
    'exclude',
    'parallel',
    'branch',
    'only_if',
    'limits',
    'pull_request',
  ],
  ...['requires', 'evidence', 'rollout', 'siblings', 'nodes', 'id', 'bash', 'script', 'runtime', 'prompt', 'command'],
  ...['loop', 'loop_group', 'approval', 'cancel', 'include', 'with', 'depends_on', 'when', 'trigger_rule', 'retry'],
  ...[
    'timeout',
    'idle_timeout',
    'output_format',
    'continue_on_error',
    'env',
    'agent',
    'always_run',
    'until',
    'until_bash',
  ],
  ...['until_field', 'max_iterations', 'message', 'decisions', 'tag', 'names', 'match', 'not', 'required', 'default'],
  ...[
    'pattern',
    'enum',
    'title',
    'body',
    'labels',
    'max_attempts',
    'delay',
    'file',
    'type',
    'properties',
    '$ref',
    'bsah',
  ],
];
const SCALARS = [
  '',
  'x',
  'a',
  'any',
  '30m',
  '2.0',
  '(',
  '$a.exit_code == 0',
  '{{v}}',
  '{{nodes.a.output}}',
  '../x',
  'x.mjs',
];

const scalar = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown[]>(...SCALARS) },
  { weight: 2, arbitrary: fc.constantFrom<unknown[]>(null, true, false, 0, 1, -1, 1e21, 0.5) },
  { weight: 1, arbitrary: hostileText },
);
const key = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...KEYS) }, { weight: 1, arbitrary: hostileText });
const shallow = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(key, scalar, { maxKeys: 4 }));
const deep = fc.oneof(scalar, fc.array(shallow, { maxLength: 3 }), fc.dictionary(key, shallow, { maxKeys: 4 }));

const NODE_KINDS = ['bash', 'script', 'prompt', 'command', 'loop', 'loop_group', 'approval', 'cancel', 'include'];
const node = fc
  .tuple(
    fc.constantFrom('a', 'b', 'c', 'a-b', 'a_b', ''),
    fc.constantFrom(...NODE_KINDS),
    deep,
    fc.dictionary(key, shallow, { maxKeys: 3 }),
  )
  .map(([id, kind, value, further]) => ({ id, [kind]: value, ...further }));

/** As JSON, which is YAML, on one line or on many. */
export const structuredData: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      deep,
      fc
        .tuple(fc.array(node, { maxLength: 3 }), fc.dictionary(key, deep, { maxKeys: 4 }))
        .map(([nodes, further]): unknown => ({ name: 'x', nodes, ...further })),
    ),
    fc.constantFrom(0, 2),
  )
  .map(([data, indent]) => JSON.stringify(data, null, indent));

/** Of each kind some, most of them short. */
export const anyFile: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: randomText },
  { weight: 1, arbitrary: mutatedWorkflow },
  { weight: 1, arbitrary: structuredData },
);

/** Up to three megabytes that a reader could take for ever for, told in short where a case fails. */
export const hugeFile: fc.Arbitrary<{ start: string; parts: string[]; length: number }> = fc.record({
  start: fc.constantFrom('', 'name: x\nnodes:\n  - id: a\n    bash: ', 'name: x\nnodes:\n', '[', '"', '- |\n '),
  parts: fc.array(fc.constantFrom(...SYNTAX, 'a', 'a: ', '\n- ', '\n  '), { minLength: 1, maxLength: 3 }),
  length: fc.constantFrom(200_000, 900_000, 1_000_000, 3_000_000),
});

export function fileOf({ start, parts, length }: { start: string; parts: string[]; length: number }): string {
  const part = parts.join('');
  return `${start}${part.repeat(Math.ceil(length / part.length))}`;
}
