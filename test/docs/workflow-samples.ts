import fc from 'fast-check';
import { type NodeKind, TRIGGER_RULES } from '../../src/core/workflow/types.ts';
import { keysOfKind, NODE_KINDS } from '../../src/core/workflow/written/node-kinds.ts';

/**
 * Files as data: most of them right, others with one or several mistakes of shape. What the rules check and not the shape is
 * always right: names, and that an entry of `services` selects something.
 */

const flag = fc.boolean();
const text = fc.constantFrom('x', 'a b', '1');
const texts = fc.oneof(text, fc.array(text, { maxLength: 2 }));
const id = fc.constantFrom('build', 'run-tests', 'a_b', 'x1');
const duration = fc.constantFrom('30s', '10m', '2h', '7d');
const values = fc.dictionary(fc.constantFrom('A', 'B_C'), fc.constantFrom('', 'x', '{{version}}'));
const usd = fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom(0.5, 12.25, 99_999.99));
const count = fc.integer({ min: 1, max: 10 });

const mistake = fc.constantFrom<unknown>(null, '', 0, 1.5, 51, true, false, 'nothing', [], [''], {}, { x: 1 });

/**
 * Right values of the keys of a map, of which those in `needed` are there. Rarely wrong values, a key too many, or too few:
 * those in `kept` are there even then.
 */
function mapOf(
  keys: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  needed: readonly string[],
  kept: readonly string[] = [],
): fc.Arbitrary<unknown> {
  const right = fc.record(keys, { requiredKeys: [...needed] });
  const any: Readonly<Record<string, fc.Arbitrary<unknown>>> = Object.fromEntries(
    Object.entries(keys).map(([key, value]) => [key, fc.oneof({ weight: 3, arbitrary: value }, mistake)]),
  );
  const more: Readonly<Record<string, fc.Arbitrary<unknown>>> = { ...any, surplus: fc.constant('x') };
  const wrong = fc.record(more, { requiredKeys: [...kept] });
  return fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: wrong });
}

const ends = { until: text, until_bash: text, max_iterations: count };
const loop = fc.oneof(
  mapOf({ ...ends, prompt: text, fresh_context: fc.constant(true) }, ['prompt', 'until', 'max_iterations']),
  mapOf({ ...ends, command: id, until_field: text }, ['command', 'until_field', 'max_iterations']),
  fc.record({ ...ends, command: id, prompt: text, until_field: text }, { requiredKeys: ['max_iterations'] }),
);

const KEYS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  id,
  description: text,
  bash: text,
  script: fc.oneof(text, mapOf({ file: fc.oneof(id, fc.constantFrom('a.py', 'a.mjs', 'a.sh')) }, ['file'])),
  runtime: fc.constantFrom('node', 'python'),
  prompt: text,
  command: id,
  loop,
  approval: mapOf(
    {
      message: text,
      decisions: fc.array(mapOf({ id: fc.constantFrom('go', 'needs-work'), label: text }, ['id']), {
        minLength: 1,
        maxLength: 2,
      }),
      capture_response: flag,
    },
    ['message'],
  ),
  cancel: text,
  include: id,
  with: values,
  depends_on: fc.oneof(id, fc.array(id, { maxLength: 2 })),
  when: fc.oneof(text, flag),
  trigger_rule: fc.constantFrom(...TRIGGER_RULES),
  retry: mapOf({ max_attempts: count, delay: duration, on_error: fc.constantFrom('transient', 'all') }, [
    'max_attempts',
  ]),
  timeout: duration,
  idle_timeout: duration,
  output_format: fc.constantFrom({ type: 'object' }, {}),
  continue_on_error: flag,
  env: values,
  agent: fc.oneof(text, mapOf({ name: text, budget_usd: usd }, ['name']), mapOf({ budget_usd: usd }, ['budget_usd'])),
  always_run: flag,
};

const FEW = { depthSize: 'small', withCrossShrink: true } as const;

const { node } = fc.letrec<{ node: unknown; group: unknown }>((tie) => ({
  node: fc.oneof(FEW, ...NODE_KINDS.map((kind) => nodeOf(kind, tie('group')))),
  group: mapOf({ ...ends, nodes: fc.array(tie('node'), { minLength: 1, maxLength: 2 }) }, [
    'max_iterations',
    'nodes',
    'until',
  ]),
}));

function nodeOf(kind: NodeKind, group: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const every: Readonly<Record<string, fc.Arbitrary<unknown>>> = { ...KEYS, loop_group: group };
  const own = Object.fromEntries(keysOfKind(kind).map((key) => [key, every[key] ?? fc.constant(null)]));
  const needed = ['id', kind];
  const right = mapOf(own, needed);
  const foreign = fc.record({ ...own, ...KEYS }, { requiredKeys: [] });
  return fc.oneof({ weight: 15, arbitrary: right }, { weight: 1, arbitrary: foreign });
}

const selection = { tag: texts, names: texts, match: texts };
const entry = mapOf({ ...selection, not: mapOf(selection, []) }, ['tag'], ['tag']);
const share = fc.oneof(count, fc.constantFrom('1%', '25%', '100%'));

export const writtenWorkflows: fc.Arbitrary<unknown> = mapOf(
  {
    name: id,
    description: text,
    inputs: fc.dictionary(
      fc.constantFrom('version', 'b_1'),
      mapOf(
        {
          required: flag,
          default: text,
          description: text,
          pattern: text,
          enum: fc.array(text, { minLength: 1, maxLength: 2 }),
          allow_dash: flag,
        },
        [],
      ),
    ),
    services: fc.oneof(fc.constant('any'), fc.array(entry, { minLength: 1, maxLength: 2 })),
    exclude: texts,
    siblings: fc.array(entry, { minLength: 1, maxLength: 1 }),
    parallel: fc.oneof(flag, count),
    branch: text,
    only_if: text,
    rollout: mapOf(
      {
        canary: fc.oneof(count, fc.constantFrom(['a'], ['a', 'b/c']), entry),
        waves: fc.array(share, { minLength: 1, maxLength: 1 }),
        halt_on_failure: share,
        approve: fc.constantFrom('each', 'none'),
        after: fc.oneof(entry, fc.array(entry, { minLength: 1, maxLength: 2 })),
      },
      [],
    ),
    limits: mapOf({ task_timeout: duration, budget_usd: usd }, []),
    pull_request: fc.oneof(
      fc.constant(false),
      mapOf(
        {
          title: text,
          body: text,
          commit_message: text,
          base: text,
          draft: flag,
          labels: texts,
          reviewers: fc.constantFrom('octocat', ['team:platform']),
          assignees: fc.constantFrom('octocat', ['a', 'b']),
          commit: fc.constantFrom('push', 'api'),
        },
        [],
      ),
    ),
    requires: fc.constantFrom('npm', ['npm', 'python3']),
    evidence: texts,
    nodes: fc.array(node, { minLength: 1, maxLength: 3 }),
  },
  ['name', 'nodes'],
);
