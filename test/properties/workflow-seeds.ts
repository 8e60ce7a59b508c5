import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Small workflows that are in order, with every kind of node and most keys between them. */
export const SMALL = [
  'name: x\nnodes:\n  - id: a\n    bash: echo "$INPUTS_V"\ninputs:\n  v: { required: true, pattern: "^[a-z]+$" }\n',
  `name: tags
services:
  - tag: [language:ts, team:backend]
    not: { tag: [deprecated] }
  - names: [api, acme/web]
  - match: "acme/service-*"
exclude: [acme/legacy-*]
parallel: 3
branch: fleet/tags-{{v}}
only_if: test -f package.json
inputs: { v: { default: "1", enum: ["1", "2"], description: Which } }
limits: { task_timeout: 30m }
nodes: [{ id: a, bash: 'true' }]
`,
  `name: agents
nodes:
  - id: test
    bash: |
      npm test
    continue_on_error: true
    timeout: 10m
  - id: repair
    prompt: "Mend {{service}}: $test.output"
    depends_on: [test]
    when: $test.exit_code != 0 && $test.status == 'failed' || $test.output == "x"
    agent: { name: opencode }
    retry: { max_attempts: 3, delay: 5s, on_error: all }
  - id: after
    bash: 'true'
    depends_on: repair
    trigger_rule: all_done
    always_run: true
`,
  `name: loops
nodes:
  - id: mend
    loop: { prompt: "Again {{loop.iteration}}", until: DONE, until_bash: npm test, max_iterations: 5 }
    idle_timeout: 5m
  - id: group
    depends_on: [mend]
    loop_group:
      until_bash: test -f done
      max_iterations: 3
      nodes:
        - { id: one, script: "print(1)", runtime: python, env: { TARGET: "{{service}}" } }
        - { id: two, bash: "true", depends_on: [one] }
`,
  `name: people
requires: [npm, python3]
evidence: [reports/x.md]
pull_request:
  title: "T {{v}}"
  body: |-
    B of {{service}}
  labels: [a]
  reviewers: [octocat, "team:x"]
  draft: true
  base: main
inputs: { v: { default: a } }
nodes:
  - { id: ask, approval: { message: "Go?", decisions: [{ id: approve }, { id: reject }], capture_response: true } }
  - { id: stop, cancel: "No {{nodes.ask.output}}", depends_on: [ask], when: "$ask.output == 'reject'" }
`,
  `name: others
pull_request: false
nodes:
  - { id: s, script: { file: bump.mjs } }
  - { id: c, command: migrate, with: { target: "1" }, depends_on: [s] }
  - { id: i, include: other, with: { v: "2" }, depends_on: [c] }
`,
  `%YAML 1.2
---
? name
: "an\\x63hors"
description: >-
  folded
  text
pull_request: { labels: &l [a, 'b'], reviewers: *l }
nodes:
  - &n { id: a, bash: ! 'x', timeout: &t 10m }
  - { id: b, bash: "\\u00e9", timeout: *t } # end
...
`,
];

/** A schema takes as long to compile as twenty other files to read. */
export const WITH_SCHEMA = `name: schema
nodes:
  - id: a
    loop: { command: mend, until_field: ok, max_iterations: 5 }
    output_format: { type: object, properties: { ok: { type: boolean } }, required: [ok] }
`;

const ROOT = join(import.meta.dirname, '../..');
/** What ships: bundled workflows and examples. */
export const WHOLE = ['workflows', 'docs/examples'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
);

export const SETTINGS = readFileSync(join(ROOT, 'docs/examples/operator.yml'), 'utf8');

/** What means something to YAML, to our templates, or to a condition. */
export const SYNTAX = [
  ...[
    '- ',
    ': ',
    ':',
    '? ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '#',
    ' #',
    '&a ',
    '*a',
    '!a ',
    '!!map ',
    '|',
    '|2-',
    '>',
    '%',
    '@',
    '`',
  ],
  ...[
    '"',
    "'",
    '\\',
    '\\x4',
    '\\u00',
    '---\n',
    '...\n',
    '%YAML 1.1\n---\n',
    '<<: *a',
    '~',
    'null',
    'true',
    '0x1',
    '1e999',
  ],
  ...[
    '\n',
    '\r\n',
    '\r',
    '\t',
    ' ',
    '  ',
    '\0',
    '\u0007',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\ud800',
    '🟩',
    '__proto__: 1\n',
  ],
  ...[
    '{{v}}',
    '{{',
    '}}',
    '${{ x }}',
    '$a.output',
    '$a.b',
    '$inputs.v',
    '$INPUTS_V',
    '&&',
    '||',
    '==',
    '<=',
    "'a'",
    '..',
    '@{',
  ],
];
